/* A handover report in the room, often without a connection: each piece is saved by itself; what
   could not be saved stays on the page, says so, and is tried again.  Without this script each
   form's own button does the same. */
(() => {
  "use strict";
  const FIRST_PAUSE = 4000;
  const LONGEST_PAUSE = 60000;
  const waiting = new Map();  // a form that was not saved, and how long it waits

  document.documentElement.classList.add("scripted");

  const page = () => document.querySelector(".handover");
  const formOf = (event) => event.target.closest && event.target.closest("form[data-piece]");
  const tell = (form, text) => {
    const said = form.querySelector("[data-said]");
    if (!said) return;
    said.textContent = text;
    said.classList.toggle("handover-lost", Boolean(text));
  };
  const settle = (form) => {
    const known = waiting.get(form);
    if (known) clearTimeout(known.timer);
    waiting.delete(form);
  };
  const again = (form) => {
    if (form.isConnected) htmx.trigger(form, "save");
    else waiting.delete(form);
  };
  const lost = (form) => {
    const pause = waiting.has(form) ? Math.min(waiting.get(form).pause * 2, LONGEST_PAUSE) : FIRST_PAUSE;
    settle(form);
    waiting.set(form, { pause, timer: setTimeout(() => again(form), pause) });
    tell(form, page().dataset.lost);
  };
  const refused = (form) => {
    settle(form);
    tell(form, page().dataset.refused);
  };
  const bar = (form, share) => {
    const progress = form.querySelector("progress");
    if (!progress) return;
    progress.hidden = share === null;
    if (share !== null) progress.value = share;
  };

  document.addEventListener("htmx:configRequest", (event) => {
    // Signing in, maybe in another tab, changes the token that the page was made with.
    const now = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    if (formOf(event) && now) event.detail.parameters.csrfmiddlewaretoken = now[1];
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    const file = form.querySelector("input[type=file]");
    if (file && !file.files.length) event.preventDefault();
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const form = formOf(event);
    if (form && event.detail.lengthComputable) {
      bar(form, (100 * event.detail.loaded) / event.detail.total);
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = formOf(event);
      if (!form) return;
      bar(form, null);
      lost(form);
    });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig && event.detail.requestConfig.elt.closest("form[data-piece]");
    if (!form) return;
    const { status, responseURL } = event.detail.xhr;
    bar(form, null);
    // Signed out meanwhile, the answer is the page of signing in.
    const ours = new URL(responseURL, location.href).pathname === new URL(form.action).pathname;
    if (status === 200 && ours) {
      settle(form);
      if (form.querySelector("[data-said]")) tell(form, "");
      return;
    }
    event.detail.shouldSwap = false;
    if (status >= 500 || status === 429) lost(form);
    else refused(form);
  });
  window.addEventListener("online", () => {
    for (const form of [...waiting.keys()]) again(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size) event.preventDefault();
  });
})();
