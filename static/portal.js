// Small helps for people with JavaScript; every page works without this file.
// No inline handlers, no eval. Texts come from data attributes, so that the server translates them.
(() => {
  "use strict";
  const each = (selector, deed, root = document) => root.querySelectorAll(selector).forEach(deed);

  // A word in the live region, seen and read out, gone after a while.
  let silence;
  const say = (text) => {
    const live = document.getElementById("live");
    if (!live || !text) return;
    clearTimeout(silence);
    live.textContent = text;
    silence = setTimeout(() => { live.textContent = ""; }, 6000);
  };

  // 1. A page kept by the browser may be out of date, or belong to someone who signed out.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
    else each("form[data-sent]", free);
  });

  // 2. Enter in a box moves to the next box; after the last one it stands on the button.
  const usable = (box) => !box.disabled && !box.readOnly && box.offsetParent !== null && !box.closest("details:not([open])");
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (!(box instanceof HTMLInputElement) || box.type !== "text" || !box.closest("form[data-enter-moves]")) return;
    event.preventDefault();
    const boxes = [...box.form.elements].filter(
      (item) => (item === box || item.matches("input[type=text], select, textarea")) && usable(item));
    const next = boxes[boxes.indexOf(box) + 1]
      || [...box.form.elements].find((item) => item.type === "submit" && usable(item));
    if (next) next.focus();
  });

  // 3. One tap, one form: the second is swallowed. The server would see the double as well.
  const waiting = new WeakMap();
  function free(form) {
    delete form.dataset.sent;
    clearTimeout(waiting.get(form));
    for (const button of form.elements) {
      if (button.type !== "submit") continue;
      button.removeAttribute("aria-disabled");
      if (button.dataset.word !== undefined) {
        button.textContent = button.dataset.word;
        delete button.dataset.word;
      }
    }
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((form.getAttribute("method") || "get").toLowerCase() === "get" && !form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.elements) {
      if (button.type !== "submit") continue;
      button.setAttribute("aria-disabled", "true");
      if (button === (event.submitter || button) && button.dataset.busy) {
        button.dataset.word = button.textContent;
        button.textContent = button.dataset.busy;
      }
    }
    waiting.set(form, setTimeout(free, 20000, form)); // a lost answer or a download must not lock the form
  }, true);
  for (const name of ["htmx:afterRequest", "portal:free"]) { // other scripts free a form with the second
    document.addEventListener(name, (event) => {
      const form = event.target.closest && event.target.closest("form");
      if (form) free(form);
    });
  }

  // 4. What went wrong comes first; a link in the summary puts the cursor in the box.
  const toSummary = () => {
    const summary = document.getElementById("error-summary");
    if (!summary) return false;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    if (!link) return;
    const box = document.getElementById(link.getAttribute("href").slice(1));
    if (!box) return;
    event.preventDefault();
    const more = box.closest("details");
    if (more) more.open = true;
    box.focus({ preventScroll: true });
    (box.closest(".field") || box).scrollIntoView({ block: "center" });
  });

  // 5. The live sum of a visit. Numbers are read as the server reads them: 1200, 1 200, 1.200.
  const whole = (text) => {
    const plain = text.trim().replace(/[\s\u00a0\u202f]/g, "");
    if (/^\d{1,9}$/.test(plain)) return Number(plain);
    return /^\d{1,3}(\.\d{3})+$/.test(plain) ? Number(plain.replaceAll(".", "")) : NaN;
  };
  const show = (number) => number.toLocaleString(document.documentElement.lang || "id");
  const sums = () => each("[data-sum-of]", (place) => {
    const form = place.closest("form");
    if (!form) return;
    const box = (name) => form.elements.namedItem(name);
    const read = (name) => (box(name) && box(name).value.trim() ? whole(box(name).value) : 0);
    const filled = (name) => box(name) && box(name).value.trim();
    const goals = place.dataset.sumTarget.split(/\s+/);
    if (!filled(goals[0])) {
      place.textContent = "";
      place.hidden = true;
      return;
    }
    place.hidden = false;
    const names = place.dataset.sumOf.split(/\s+/).filter(Boolean);
    const sum = (boxes) => boxes.reduce((all, name) => all + read(name), 0);
    const given = sum(names), total = sum(goals), left = total - given;
    const untold = place.dataset.sumNone !== undefined && !names.some(filled);
    const state = Number.isNaN(left) ? "unread" : untold ? "none" : left === 0 ? "done" : left < 0 ? "over" : "left";
    const words = { left: "sumText", done: "sumDone", over: "sumOver", none: "sumNone", unread: "sumUnread" }[state];
    const text = (place.dataset[words] || place.dataset.sumText || "{n}")
      .replace("{given}", show(given)).replaceAll("{total}", show(total)).replace("{n}", show(Math.abs(left)));
    place.dataset.state = state;
    if (place.textContent !== text) place.textContent = text;
  });
  document.addEventListener("input", sums);

  // 6. Copy the text of an element, and say so.
  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    if (!source) return;
    const text = "value" in source ? source.value : source.textContent;
    try {
      await navigator.clipboard.writeText(text);
      say(button.dataset.copied);
    } catch {
      const fold = source.closest("details"); // what is folded away cannot be selected
      if (fold) fold.open = true;
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      say(document.execCommand("copy") ? button.dataset.copied : button.dataset.copyFailed);
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    const account = document.querySelector(".account[open]");
    if (account && !account.contains(event.target)) account.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const account = document.querySelector(".account[open]");
    if (event.key !== "Escape" || !account) return;
    account.open = false;
    account.querySelector("summary").focus();
  });

  // 7. data-shown-when="kind=nihil": hidden parts also stay out of what is sent. Without this file all is visible.
  const choose = () => each("[data-shown-when]", (part) => {
    const [name, wanted] = part.dataset.shownWhen.split("=");
    const form = part.closest("form");
    const field = form && form.elements.namedItem(name);
    if (!field) return;
    const shown = wanted.split("|").includes(field.type === "checkbox" && !field.checked ? "" : field.value);
    part.hidden = !shown;
    if (part.tagName === "OPTGROUP") {
      const select = part.closest("select");
      if (!shown && select.selectedOptions[0] && select.selectedOptions[0].parentNode === part) select.value = "";
      part.disabled = !shown;
    }
    each("input, select, textarea, button", (box) => {
      if (!shown && !box.disabled) { box.disabled = true; box.dataset.away = "yes"; }
      else if (shown && box.dataset.away) { box.disabled = false; delete box.dataset.away; }
    }, part);
  });
  document.addEventListener("change", () => { choose(); sums(); });

  // 8. After a swap: the summary if there is one, else where the person was, else the new part.
  let was = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const here = document.activeElement;
    was = here && here !== document.body
      ? { id: here.id, name: here.getAttribute("name"), href: here.getAttribute("href") } : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    ready();
    const part = event.detail.elt || event.target;
    if (part.querySelector && (part.id === "error-summary" || part.querySelector("#error-summary"))) {
      toSummary();
      return;
    }
    if (!was || document.activeElement !== document.body) return;
    const quoted = (key, value) => (value ? document.querySelector(`main [${key}="${CSS.escape(value)}"]`) : null);
    let place = (was.id && document.getElementById(was.id)) || quoted("name", was.name) || quoted("href", was.href);
    if (!place) {
      place = part;
      if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    }
    place.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.unreachable));
  document.addEventListener("htmx:timeout", () => say(document.body.dataset.unreachable));
  document.addEventListener("htmx:responseError", () => say(document.body.dataset.refused));

  const ready = () => { choose(); sums(); };
  ready();

  // 9. Drafts. Pages are kept by no browser, so after a lost line or a link "back" would show an empty form. What is
  // typed lies in this tab's sessionStorage under data-draft (account:address:vVersion) until it is received: with
  // the boxes that section 7 keeps from being sent, and with the form's own id, so that a report which did arrive is
  // not counted twice when it is sent again.
  const DRAFT = "draft:", SENT = "draft-sent";
  let store = null;
  try { store = sessionStorage; } catch { /* forbidden by the browser: then there are no drafts */ }
  const drafts = (start = "") => Object.keys(store).filter((key) => key.startsWith(DRAFT + start));
  const drop = (keys) => keys.forEach((key) => store.removeItem(key));
  const ticked = (box) => box.type === "radio" || box.type === "checkbox";
  const boxes = (form) => [...form.elements].filter(
    (box) => box.name && box.name !== "csrf_token" && box.type !== "password" && box.type !== "submit");
  const held = (form) => Object.fromEntries(
    boxes(form).filter((box) => !ticked(box) || box.checked).map((box) => [box.name, box.value]));
  const write = (key, text) => { try { store.setItem(key, text); } catch { /* full: typing goes on */ } };
  const keep = (form) => write(DRAFT + form.dataset.draft, JSON.stringify(held(form)));
  // Puts values into the form; tells whether a person sees a difference.
  const put = (form, values) => {
    const was = held(form);
    const seen = boxes(form).filter((box) => !box.disabled && box.type !== "hidden");
    for (const box of boxes(form)) {
      if (ticked(box)) box.checked = values[box.name] === box.value;
      else if (box.name in values && (!box.options || [...box.options].some((item) => item.value === values[box.name])))
        box.value = values[box.name];
    }
    ready();
    const now = held(form), changed = (box) => was[box.name] !== now[box.name];
    for (const box of boxes(form).filter(changed)) {
      const more = box.closest("details");
      if (more) more.open = true;
    }
    return seen.some(changed);
  };
  const recover = (form) => {
    const key = DRAFT + form.dataset.draft, version = form.dataset.draft.lastIndexOf(":v") + 2;
    drop(drafts(form.dataset.draft.slice(0, version)).filter((other) => other !== key)); // what it changed is past
    const draft = JSON.parse(store.getItem(key)), own = held(form);
    // A form that comes back filled in is right, unless the draft is of that very form: then it is what was sent,
    // or newer, and has the boxes that were not sent.
    const filled = document.getElementById("error-summary") || new URLSearchParams(location.search).has("kept");
    if (draft && (!filled || draft.submission_id === own.submission_id) && put(form, draft)) {
      const note = document.getElementById("draft-note").content.firstElementChild.cloneNode(true);
      note.querySelector("[data-draft-drop]").addEventListener("click", () => {
        drop([key]);
        put(form, own); // not reset(), which leaves hidden boxes, and so the id, as they are
        note.remove();
        document.getElementById("main").focus();
      });
      document.getElementById("flashes").append(note);
    }
    if (filled) keep(form);
  };
  if (store) {
    const { account } = document.body.dataset;
    if (account) drop(drafts().filter((key) => !key.startsWith(`${DRAFT}${account}:`))); // somebody else sits here now
    if (document.querySelector("[data-accepted]"))
      drop(drafts().filter((key) => JSON.parse(store.getItem(key)).submission_id === store.getItem(SENT)));
    each("form[data-draft]", recover);
    for (const name of ["input", "change", "submit"]) {
      document.addEventListener(name, (event) => {
        const form = event.target.closest("form");
        if (!form) return;
        if (form.dataset.draft) keep(form);
        if (form.dataset.draft && name === "submit") write(SENT, form.elements.submission_id.value);
        if (form.hasAttribute("data-signs-out")) drop(drafts(`${account}:`));
      });
    }
  }

  // 10. The state line under a form: what is typed is not sent, and without a signal it waits.
  const state = document.querySelector(".state [data-unsent]");
  if (state) {
    let word = state.textContent;
    const tell = () => {
      const text = navigator.onLine ? word : state.dataset.waiting;
      if (state.textContent !== text) state.textContent = text;
    };
    for (const name of ["input", "change"]) {
      document.addEventListener(name, (event) => {
        if (event.target.form !== state.closest("form")) return;
        word = state.dataset.unsent;
        tell();
      });
    }
    for (const name of ["online", "offline"]) addEventListener(name, tell);
    tell();
  }

  // 11. Where htmx only saves a reload, whoever just reads does not pay for it: it is fetched when a hand first comes
  // near such a link or filter, which until then does without. It starts by itself only in a page that is complete.
  const { htmx: source } = document.currentScript.dataset;
  const fetchHtmx = () => {
    const script = document.createElement("script");
    script.src = source;
    document.head.append(script);
  };
  const near = (event) => {
    if (!event.target.closest || !event.target.closest("[hx-boost]")) return;
    for (const name of ["pointerover", "focusin"]) document.removeEventListener(name, near);
    if (document.readyState === "complete") fetchHtmx();
    else addEventListener("load", fetchHtmx);
  };
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, near);

  const here = document.querySelector(".menu [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - 24; // on a phone the menu runs sideways
  each("[data-latest]", (part) => { part.scrollLeft = part.scrollWidth; });
  toSummary();
})();
