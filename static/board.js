// Keys of the board: move from card to card, choose, search, help. Enter opens the focused link by
// itself. How many cards are chosen is told beside the acts.
(() => {
  const columns = () =>
    [...document.querySelectorAll(".staff-board section")]
      .filter((column) => column.getClientRects().length > 0)
      .map((column) => [...column.querySelectorAll("a[data-card]")])
      .filter((cards) => cards.length > 0);

  const place = (all) => {
    const card = document.activeElement?.closest?.(".staff-card")?.querySelector("a[data-card]");
    const column = all.findIndex((cards) => cards.includes(card));
    return column < 0 ? null : [column, all[column].indexOf(card)];
  };

  const move = (down, beside) => {
    const all = columns();
    if (all.length === 0) return;
    const at = place(all);
    const column = at ? Math.min(Math.max(at[0] + beside, 0), all.length - 1) : 0;
    const row = at ? Math.min(Math.max(at[1] + down, 0), all[column].length - 1) : 0;
    all[column][row].focus();
    all[column][row].scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const mirrored = document.documentElement.dir === "rtl" ? -1 : 1;
  const keys = {
    j: () => move(1, 0),
    k: () => move(-1, 0),
    ArrowDown: () => move(1, 0),
    ArrowUp: () => move(-1, 0),
    ArrowRight: () => move(0, mirrored),
    ArrowLeft: () => move(0, -mirrored),
    x: () => document.activeElement?.closest?.(".staff-card")?.querySelector("input")?.click(),
    "/": () => document.getElementById("searchbar")?.focus(),
    "?": () => document.getElementById("board-keys").showModal(),
  };

  const chosen = document.getElementById("chosen");
  const count = () => {
    chosen.querySelector("output").value = document.querySelectorAll(".staff-card :checked").length;
  };
  if (chosen) {
    document.addEventListener("change", count);
    // What was chosen before one came back, the browser has chosen again.
    window.addEventListener("pageshow", count);
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keys[event.key];
    // Arrows scroll the page as ever until the board is in use.
    const inBoard = document.activeElement?.closest?.(".staff-card");
    if (!act || (event.key.startsWith("Arrow") && !inBoard)) return;
    event.preventDefault();
    act();
  });
})();
