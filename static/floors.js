// The plan moves with its slider, a space opens beside it, and arrows go from space to space.
// Without it the slider is a form, and every space a page.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const asked = document.getElementById("floors-asked");
  const slider = document.getElementById("floors-slider");
  const panel = document.getElementById("floors-panel");
  const language = document.documentElement.lang;

  // --- The day ------------------------------------------------------------------------------
  const FIRST_YEAR = 2001;
  const inWords = new Intl.DateTimeFormat(language === "ar" ? "ar-MA-u-nu-latn" : language, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  const monthOf = (day) => (day.getUTCFullYear() - FIRST_YEAR) * 12 + day.getUTCMonth();

  if (asked && slider) {
    const day = asked.elements.on;
    const month = slider.elements.month;
    const told = slider.querySelector("output");
    const today = month.dataset.today;

    const tell = () => {
      const text = inWords.format(new Date(Date.UTC(FIRST_YEAR, Number(month.value))));
      told.value = text;
      month.setAttribute("aria-valuetext", text);
    };
    // One question at a time: what was moved meanwhile is asked once the answer is there.
    let [asking, moved] = [false, false];
    const ask = async () => {
      moved = true;
      if (asking) return;
      asking = true;
      while (moved) {
        moved = false;
        const address = `${location.pathname}?${new URLSearchParams(new FormData(asked))}`;
        history.replaceState(history.state, "", address);
        await htmx
          .ajax("GET", address, { source: "#floors", target: "#floors", swap: "innerHTML" })
          .catch(() => {});
      }
      asking = false;
      for (const link of document.querySelectorAll(".floors-tools a[data-day]")) {
        const there = new URL(link.href);
        there.searchParams.set("on", day.value);
        link.href = there;
      }
    };
    month.addEventListener("input", () => {
      const start = new Date(Date.UTC(FIRST_YEAR, Number(month.value)));
      day.value = month.value === month.dataset.now ? today : start.toISOString().slice(0, 10);
      tell();
      ask();
    });
    day.addEventListener("change", () => {
      if (!day.value || !day.checkValidity()) return;
      month.value = monthOf(new Date(`${day.value}T00:00:00Z`));
      tell();
      ask();
    });
    document.body.classList.add("floors-live");
  }

  // Signed out meanwhile: the answer is another page, not a part of this one.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const ours = event.detail.target.matches("#floors, #floors-story");
    const answered = new URL(event.detail.xhr.responseURL).pathname;
    if (!ours || answered.startsWith(location.pathname)) return;
    event.detail.shouldSwap = false;
    location.reload();
  });

  // --- A space beside the plan ----------------------------------------------------------------
  let opened = "";
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("#floors a[data-cell]");
    if (!panel || !cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opened = cell.getAttribute("href");
    htmx.ajax("GET", opened, { source: panel, target: "#floors-story", swap: "innerHTML" });
  });
  document.getElementById("floors-story")?.addEventListener("htmx:afterSwap", () => {
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  });
  // Refused, or out of reach: the page itself says why.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    panel?.addEventListener(failure, () => location.assign(opened));
  }
  // A click beside the panel closes it; the browser gives the focus back.
  panel?.addEventListener("click", (event) => {
    if (event.target !== panel) return;
    const edge = panel.getBoundingClientRect();
    if (event.clientX < edge.left || event.clientX > edge.right) panel.close();
  });

  // --- Arrows ---------------------------------------------------------------------------------
  const cells = () => [...document.querySelectorAll(".floors-plan [data-cell], .floors-time [data-cell]")];
  const middle = (box) => (box.left + box.right) / 2;

  // The nearest of the next line above (-1) or below (1).
  const beyond = (from, all, step) => {
    const here = from.getBoundingClientRect();
    let best = null;
    for (const cell of all) {
      const box = cell.getBoundingClientRect();
      const down = (box.top - here.top) * step;
      if (down < here.height / 2) continue;
      const far = Math.abs(middle(box) - middle(here));
      if (!best || down < best.down - 2 || (down < best.down + 2 && far < best.far)) best = { cell, down, far };
    }
    return best?.cell;
  };

  const beside = document.documentElement.dir === "rtl" ? -1 : 1;
  document.addEventListener("keydown", (event) => {
    const from = event.target.closest?.(".floors-plan [data-cell], .floors-time [data-cell]");
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = cells();
    const at = all.indexOf(from);
    const to = {
      ArrowRight: () => all[at + beside],
      ArrowLeft: () => all[at - beside],
      ArrowUp: () => beyond(from, all, -1),
      ArrowDown: () => beyond(from, all, 1),
      Home: () => all[0],
      End: () => all.at(-1),
    }[event.key]?.();
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // One stop of the Tab key for all of them: the one that was left last.
  const stop = (chosen) => {
    for (const cell of cells()) cell.tabIndex = -1;
    if (chosen) chosen.tabIndex = 0;
  };
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.(".floors-plan [data-cell], .floors-time [data-cell]");
    if (cell && cell.tabIndex !== 0) stop(cell);
  });
  const first = () => stop(cells()[0]);
  document.getElementById("floors")?.addEventListener("htmx:afterSettle", first);
  first();
});
