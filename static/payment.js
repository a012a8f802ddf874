/* Payment entry by keyboard.  What is saved is what was shown: whoever presses Enter before the
   proposal has caught up with what they typed waits for it, and it is saved then.  Without this
   script the first « Save » shows the proposal, and the second saves. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("entry");
  const proposal = document.getElementById("proposal");
  if (!form || !proposal || !window.htmx) return;
  const decisive = ["company", "amount", "site", "method", "received_on"];
  let behind = 0;  // changes that no proposal has answered yet
  let asked = 0;
  let wanted = false;

  const changed = (event) => {
    if (decisive.includes(event.target.name)) behind += 1;
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (!behind || (event.submitter && ["company", "site"].includes(event.submitter.name))) return;
    event.preventDefault();
    wanted = true;
    htmx.trigger(proposal, "refresh");
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === proposal) asked = behind;
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === proposal && event.detail.xhr.status >= 400) wanted = false;
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt !== proposal) return;
    behind -= asked;
    asked = 0;
    if (!wanted || behind) return;
    wanted = false;
    if (proposal.querySelector("input[name=shown]")) form.requestSubmit();
    else form.querySelector("[name=company]").focus();
  });
});
