// Keys and citations. One set of listeners on the document, so that Streamlit may redraw as it likes.
(function () {
  "use strict";
  const cards = () => [...document.querySelectorAll("[data-card]")];
  const card = (n) => document.querySelector(`[data-card="${CSS.escape(n)}"]`);
  const box = () => document.querySelector(":is(.st-key-question, .st-key-grade_text, .st-key-order_text) input");
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));

  const ownArrows = (el) => el?.closest("[role=radiogroup], [role=listbox], [role=menu], [role=slider], [role=dialog], .rc-tablebox");

  function light(n, on) {
    card(n)?.classList.toggle("is-lit", on);
    document.querySelectorAll(`[data-cite="${CSS.escape(n)}"]`).forEach((el) => el.classList.toggle("is-lit", on));
  }
  function unpin() {
    document.querySelectorAll(".is-pinned").forEach((el) => el.classList.remove("is-pinned"));
  }
  // Where the reader came from to a card: Escape leads back there.
  let cameFrom = null;
  function pin(el, from) {
    unpin();
    if (!el) return;
    cameFrom = from || cameFrom;
    el.classList.add("is-pinned");
    el.scrollIntoView({ block: "nearest", behavior: "smooth" });
    el.focus({ preventScroll: true });
  }
  function walk(step) {
    const all = cards().filter((el) => el.offsetParent !== null);
    if (!all.length) return false;
    const at = all.findIndex((el) => el.classList.contains("is-pinned"));
    pin(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]);
    return true;
  }
  // Below the two-column width the card is folded under its statement: open that fold, show the card in it.
  function unfold(mark) {
    const fold = (mark.closest("li") || mark.closest("article"))?.querySelector(".rc-fold");
    if (!fold) return;
    fold.open = true;
    unpin();
    const shown = fold.querySelector(`[data-folded="${CSS.escape(mark.dataset.cite)}"]`);
    shown?.classList.add("is-pinned");
    shown?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
  async function copy(button, text) {
    await navigator.clipboard.writeText(text);
    const label = button.querySelector("span:last-child");
    const said = label.textContent;
    button.classList.add("is-done");
    label.textContent = button.dataset.copied;
    setTimeout(() => { button.classList.remove("is-done"); label.textContent = said; }, 1400);
  }

  // Language, theme and text size: one cookie of this browser, which the server reads for its words.
  function kept() {
    const found = document.cookie.match(/(?:^|; )radcite=([^;]*)/);
    return new URLSearchParams(found ? found[1] : "");
  }
  function preferred() {
    return { theme: "Dark", size: "normal", language: document.documentElement.lang, ...Object.fromEntries(kept()) };
  }
  function prefer(name, value) {
    const all = kept();
    all.set(name, value);
    document.cookie = `radcite=${all}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  }

  // A chip's other values stand open until one is taken, another chip is opened, or the reader goes on.
  function foldWays(but) {
    document.querySelectorAll(".rc-ways[open]").forEach((el) => { if (el !== but) el.open = false; });
  }

  document.addEventListener("click", (event) => {
    foldWays(event.target.closest(".rc-ways"));
    const mark = event.target.closest("[data-cite]");
    if (mark) {
      event.preventDefault();
      const shown = card(mark.dataset.cite);
      if (shown && shown.offsetParent !== null) pin(shown, mark);
      else unfold(mark);
      return;
    }
    const jump = event.target.closest("[data-jump]");
    if (jump) {
      event.preventDefault();
      document.getElementById(jump.hash.slice(1))?.scrollIntoView({ behavior: "smooth" });
      return;
    }
    const button = event.target.closest("[data-copy], [data-copy-link], [data-print], [data-prefer]");
    if (!button) return;
    if ("copy" in button.dataset) copy(button, button.dataset.copy);
    else if ("copyLink" in button.dataset) copy(button, location.href);
    else if ("print" in button.dataset) window.print();
    else prefer(button.dataset.prefer, button.dataset.value);
  });
  for (const [kind, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(kind, (event) => {
      const mark = event.target.closest?.("[data-cite]");
      if (mark) light(mark.dataset.cite, on);
      const over = event.target.closest?.("[data-card]");
      if (over) light(over.dataset.card, on);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const here = document.activeElement;
      const ways = here?.closest(".rc-ways[open]");
      const back = here?.closest("[data-card]") && cameFrom?.isConnected ? cameFrom : null;
      unpin();
      foldWays(null);
      cameFrom = null;
      // Only the question lets go: any other control keeps the focus, or a reader without a mouse is lost.
      if (ways) ways.querySelector("summary").focus();
      else if (back) back.focus();
      else if (here === box()) here.blur();
    } else if (!typing(document.activeElement)) {
      if (event.key === "/" && box()) {
        event.preventDefault();
        box().focus();
        box().select();
      } else if (!ownArrows(document.activeElement) && /^Arrow(Down|Up)$/.test(event.key)) {
        if (walk(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      }
    }
  });

  // The box has the focus when the page opens, once for each time it appears; and the chosen theme is marked.
  // A reader who works by keys and whose control was redrawn away stands in the box again, not nowhere.
  let byKeys = false;
  let held = null;
  document.addEventListener("pointerdown", () => { byKeys = false; }, true);
  document.addEventListener("keydown", () => { byKeys = true; }, true);
  document.addEventListener("focusin", (event) => { held = event.target; });
  function holdOn() {
    if (!byKeys || !held || held.isConnected || document.activeElement !== document.body) return;
    held = null;
    box()?.focus({ preventScroll: true });
  }

  let met = null;
  let jumped = "";
  new MutationObserver(() => {
    const now = box();
    if (now && now !== met && !typing(document.activeElement)) now.focus({ preventScroll: true });
    met = now;
    holdOn();
    const chosen = document.querySelector(".is-chosen");
    if (chosen && jumped !== location.href) {
      jumped = location.href;
      chosen.scrollIntoView({ block: "center" });
    }
    const spoken = document.querySelector("[data-language]")?.dataset.language;
    if (spoken && document.documentElement.lang !== spoken) document.documentElement.lang = spoken;
    const chosenNow = preferred();
    document.querySelectorAll("[data-prefer]").forEach((el) => {
      const pressed = String(chosenNow[el.dataset.prefer] === el.dataset.value);
      if (el.getAttribute("aria-pressed") !== pressed) el.setAttribute("aria-pressed", pressed);
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
