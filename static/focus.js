/* Where the keyboard goes on.  After a form was sent browsers leave `autofocus` alone. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
});
