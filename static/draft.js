// Says whether what is typed is saved, and goes on trying while the connection is lost.
(() => {
  const form = document.getElementById("chapter");
  const status = document.getElementById("saved");
  if (!form || !window.htmx) return;
  const FIRST_PAUSE = 4000;
  const LONGEST_PAUSE = 60000;
  let pause = FIRST_PAUSE;
  let timer;
  let unsaved = false;

  const save = () => htmx.trigger(form, "save");
  // Signing in, maybe in another tab, changes the token that the page was made with.
  const token = () => {
    const now = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    const field = form.elements.namedItem("csrfmiddlewaretoken");
    if (now) field.value = now[1];
    return field.value;
  };
  const tell = (text) => {
    status.textContent = text;
    status.classList.add("lost");
  };
  const lost = () => {
    tell(form.dataset.lost);
    clearTimeout(timer);
    timer = setTimeout(save, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; token(); });
  form.addEventListener("htmx:configRequest", (event) => {
    event.detail.parameters.csrfmiddlewaretoken = token();
  });
  form.addEventListener("htmx:beforeRequest", () => { unsaved = false; });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(name, () => { unsaved = true; lost(); });
  }
  form.addEventListener("htmx:responseError", (event) => {
    const code = event.detail.xhr.status;
    if (code >= 500 || code === 429) { unsaved = true; lost(); } else tell(form.dataset.refused);
  });
  form.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) return;
    pause = FIRST_PAUSE;
    clearTimeout(timer);
    status.classList.remove("lost");
  });
  window.addEventListener("online", () => { if (unsaved) save(); });
  // The last second of typing, when people leave by a link or the back button.
  window.addEventListener("pagehide", () => {
    if (!unsaved) return;
    token();
    const fields = new FormData(form);
    fields.append("leaving", "1");
    navigator.sendBeacon(form.action, fields);
    unsaved = false;
  });
})();
