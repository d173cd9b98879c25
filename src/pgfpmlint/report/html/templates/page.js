"use strict";
// Filters the findings, groups them, and unfolds everything for print. Without it the page shows all.
const form = document.getElementById("filters");
if (form) {
  const holder = document.getElementById("cards");
  const cards = [...holder.querySelectorAll("article")].map((card) => ({
    card,
    hosts: card.dataset.hosts.toLowerCase(),
    text: card.textContent.toLowerCase(),
  }));
  const regroup = () => {
    const groups = new Map();
    for (const { card } of cards) {
      const name = card.dataset[form.group.value];
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(card);
    }
    const sections = [...groups].map(([name, members]) => {
      const section = document.createElement("section");
      const heading = document.createElement("h3");
      heading.className = "group";
      heading.textContent = name;
      section.append(heading, ...members);
      return section;
    });
    holder.replaceChildren(...sections);
  };
  const filter = () => {
    const severities = [...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value);
    const host = form.host.value.trim().toLowerCase();
    const words = form.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { card, hosts, text } of cards) {
      card.hidden = !(
        severities.includes(card.dataset.severity) &&
        (!form.family.value || form.family.value === card.dataset.family) &&
        (!host || hosts.includes(host)) &&
        words.every((word) => text.includes(word))
      );
      shown += !card.hidden;
    }
    for (const section of holder.children) section.hidden = !section.querySelector("article:not([hidden])");
    document.getElementById("shown").textContent = `${shown} of ${cards.length} shown`;
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.group.addEventListener("change", regroup);
  form.addEventListener("input", filter);
  form.addEventListener("change", filter);
  form.hidden = false;
  regroup();
  filter();
  // A link to a finding that the filters hide shows it.
  const show = () => {
    const card = document.getElementById(location.hash.slice(1));
    if (card && card.closest("[hidden]")) {
      form.reset();
      regroup();
      filter();
      card.scrollIntoView();
    }
  };
  addEventListener("hashchange", show);
}
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  for (let at = target; at; at = at.parentElement) if (at.localName === "details") at.open = true;
};
addEventListener("hashchange", unfold);
unfold();
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});
