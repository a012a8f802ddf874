/* A form that was sent is not sent again by a second press of the button: neither the first answer
   nor what it did would be seen.  Whoever comes back to the page may send it anew. */
"use strict";

(() => {
  const WHILE = 10000;  // ms; a file that is downloaded leaves the page as it was
  const sent = new Set();

  document.addEventListener("submit", (event) => {
    const form = event.target;  // which may have a field named « method »
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(() => sent.delete(form), WHILE);
  });
  window.addEventListener("pageshow", () => sent.clear());
})();
