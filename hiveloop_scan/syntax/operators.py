"""Operators of the standard parser as those of libcst: they hold no code, one of each stands in all sketches."""

from __future__ import annotations

import ast

import libcst as cst

OPERATORS: dict[type[ast.AST], cst.CSTNode] = {
    ast.Add: cst.Add(), ast.Sub: cst.Subtract(), ast.Mult: cst.Multiply(), ast.Div: cst.Divide(),
    ast.FloorDiv: cst.FloorDivide(), ast.Mod: cst.Modulo(), ast.Pow: cst.Power(), ast.LShift: cst.LeftShift(),
    ast.RShift: cst.RightShift(), ast.BitOr: cst.BitOr(), ast.BitAnd: cst.BitAnd(), ast.BitXor: cst.BitXor(),
    ast.MatMult: cst.MatrixMultiply(), ast.And: cst.And(), ast.Or: cst.Or(), ast.Not: cst.Not(),
    ast.USub: cst.Minus(), ast.UAdd: cst.Plus(), ast.Invert: cst.BitInvert(), ast.Eq: cst.Equal(),
    ast.NotEq: cst.NotEqual(), ast.Lt: cst.LessThan(), ast.LtE: cst.LessThanEqual(), ast.Gt: cst.GreaterThan(),
    ast.GtE: cst.GreaterThanEqual(), ast.In: cst.In(), ast.NotIn: cst.NotIn(), ast.Is: cst.Is(),
    ast.IsNot: cst.IsNot(),
}  # fmt: skip

AUGMENTED: dict[type[ast.AST], cst.BaseAugOp] = {
    ast.Add: cst.AddAssign(), ast.Sub: cst.SubtractAssign(), ast.Mult: cst.MultiplyAssign(),
    ast.Div: cst.DivideAssign(), ast.FloorDiv: cst.FloorDivideAssign(), ast.Mod: cst.ModuloAssign(),
    ast.Pow: cst.PowerAssign(), ast.LShift: cst.LeftShiftAssign(), ast.RShift: cst.RightShiftAssign(),
    ast.BitOr: cst.BitOrAssign(), ast.BitAnd: cst.BitAndAssign(), ast.BitXor: cst.BitXorAssign(),
    ast.MatMult: cst.MatrixMultiplyAssign(),
}  # fmt: skip
