
"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const items = [...document.querySelectorAll("[data-item]")], groups = [...document.querySelectorAll("[data-group]")];
  const texts = items.map((item) => [...item.querySelectorAll("summary, .where"), item.closest("[data-group]")?.querySelector("h3")]
    .map((part) => part?.textContent.toLowerCase()).join(" "));
  const count = document.getElementById("count"), nothing = document.getElementById("nothing");
  const toggle = document.getElementById("open-all"), names = [...form.querySelectorAll("select")].map((select) => select.name);
  const { one, many } = form.dataset;
  const filter = () => {
    const chosen = new FormData(form), words = chosen.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, index) => {
      const fits = names.every((name) => !chosen.get(name) || item.dataset[name] === chosen.get(name))
        && words.every((word) => texts[index].includes(word));
      item.hidden = !fits;
      shown += fits;
    });
    for (const group of groups) group.hidden = shown < items.length && !group.querySelector("[data-item]:not([hidden])");
    count.textContent = shown === items.length ? `${shown} ${shown === 1 ? one : many}` : `${shown} of ${items.length} ${many}`;
    nothing.hidden = shown > 0;
    const kept = new URLSearchParams([...chosen].filter(([, value]) => value)).toString();
    try { history.replaceState(null, "", kept ? "#" + kept : location.pathname + location.search); } catch { }
  };
  new URLSearchParams(location.hash.slice(1)).forEach((value, name) => {
    if (form.elements[name]) form.elements[name].value = value;
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  toggle.addEventListener("click", () => {
    const open = toggle.textContent === "Open all";
    items.filter((item) => !item.hidden).forEach((item) => { item.querySelector("details").open = open; });
    toggle.textContent = open ? "Close all" : "Open all";
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing) { event.preventDefault(); form.elements.text.focus(); }
    if (event.key === "Escape" && document.activeElement === form.elements.text) {
      form.elements.text.value = ""; filter(); form.elements.text.blur();
    }
    if ((event.key === "j" || event.key === "k") && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const shown = items.filter((item) => !item.hidden).map((item) => item.querySelector("summary"));
      const now = shown.indexOf(document.activeElement);
      const next = shown[Math.min(Math.max(now + (event.key === "j" ? 1 : -1), 0), shown.length - 1)];
      if (next) next.focus();
    }
  });
  form.hidden = false;
  filter();
})();
