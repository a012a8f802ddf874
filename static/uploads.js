/* Sends files as soon as they are chosen, shows how much has arrived, and puts the document as it
   is now in the place of what was there: nothing else on the page changes.  Without this script
   each form's own button does the same. */
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  const send = (form) => {
    const row = form.closest(".document-row");
    const bar = form.querySelector("progress");
    const lost = form.querySelector("[data-lost]");
    const request = new XMLHttpRequest();
    const failed = () => {
      delete form.dataset.busy;
      if (bar) bar.hidden = true;
      if (lost) lost.hidden = false;
    };
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    if (lost) lost.hidden = true;
    if (bar) {
      bar.value = 0;
      bar.hidden = false;
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      });
    }
    request.addEventListener("error", failed);
    request.addEventListener("abort", failed);
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const now = request.status === 200 && page.getElementById(row.id);
      if (!now) return failed();
      row.replaceWith(now);
      const said = now.querySelector("[data-said]");
      if (said) said.focus();
    });
    // Signing in, maybe in another tab, changes the token that the page was made with.
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (token) form.elements.namedItem("csrfmiddlewaretoken").value = token[1];
    request.open("POST", form.action);
    request.setRequestHeader("X-Part", "documents");
    request.send(new FormData(form));
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (form && event.target.files && event.target.files.length) send(form);
  });
  // Chosen before this script had come: nobody would be left to send it, the button is gone.
  for (const form of document.querySelectorAll("form[data-upload]")) {
    if (form.querySelector("input[type=file]").files.length) send(form);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-part]");
    if (!form) return;
    event.preventDefault();
    send(form);
  });
})();
