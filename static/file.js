/* Keys of a file's page, and the way through the list that one came from. Without it the page is
   whole: everything here is a short cut. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const ADDRESS = /\/applications\/application\/(\d+)\/change\//;
  const KEPT = "files-of-the-list";
  const page = document.querySelector(".file[data-file]");

  const inOrder = () => {
    const links = document.querySelectorAll("#content a[href]");
    const found = [...links].map((link) => ADDRESS.exec(link.pathname)?.[1]);
    return [...new Set(found.filter(Boolean))];
  };

  if (!page) {
    const files = inOrder();
    if (files.length) sessionStorage.setItem(KEPT, JSON.stringify(files));
    return;
  }

  const files = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  const at = files.indexOf(page.dataset.file);
  const neighbours = page.querySelector(".file-neighbours");
  for (const [rel, file] of [["prev", files[at - 1]], ["next", files[at + 1]]]) {
    if (at < 0 || !file) continue;
    const link = neighbours.querySelector(`[rel=${rel}]`);
    link.href = location.pathname.replace(ADDRESS, `/applications/application/${file}/change/`);
    link.hidden = false;
    neighbours.hidden = false;
  }

  const press = (selector) => page.querySelector(selector)?.click();
  // What is done at once wants a second key, Enter: a slip of the hand does nothing.
  const reach = (next) => (next?.localName === "button" ? next.focus() : next?.click());
  const keys = {
    n: () => reach(page.querySelector("[data-next]")),
    j: () => press("[rel=next]:not([hidden])"),
    k: () => press("[rel=prev]:not([hidden])"),
    c: () => {
      const field = page.querySelector("#say_body") ?? page.querySelector("#conversation");
      field.scrollIntoView({ block: "center" });
      field.focus();
    },
    "?": () => {
      const shown = page.querySelector(".file-keys");
      if (shown) {
        shown.remove();
        return;
      }
      const words = document.createElement("p");
      words.className = "file-part file-keys";
      words.setAttribute("role", "status");
      words.textContent = page.dataset.keys;
      page.prepend(words);
    },
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
});
