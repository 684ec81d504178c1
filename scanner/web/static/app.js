// Keys for the queue, and its forms in place. Without this file everything is still there as links
// and forms.
"use strict";

(() => {
  const rows = () => Array.from(document.querySelectorAll("[data-row]"));
  const current = () => document.querySelector("[data-row].current");
  const slots = () => Array.from(document.querySelectorAll(".slot"));

  function point(row) {
    for (const one of rows()) one.classList.toggle("current", one === row);
  }

  function mark(row) {
    point(row);
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  // Past the last row is the next page of the queue, and before the first the one before.
  function move(step) {
    const all = rows();
    const to = all.indexOf(current()) + step;
    if (to >= 0 && to < all.length) mark(all[to]);
    else document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
  }

  function isWriting(target) {
    return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
  }

  function act(key) {
    const named = `[data-key="${key}"]`;
    const found = current()?.querySelector(named) || document.querySelector(`.undo ${named}`);
    found?.click();
    return Boolean(found);
  }

  function leave(target) {
    const row = target.closest("[data-row]");
    if (row?.querySelector("form.decide")) {
      row.querySelector(".slot").replaceChildren();
      mark(row);
    } else {
      document.querySelector('a[data-key="Escape"]')?.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.target.closest("form")?.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") leave(event.target);
    if (isWriting(event.target) || event.target.closest("form.decide")) return;
    if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
      event.preventDefault();
    } else if (/^[a-z]$/.test(event.key) || (/^( |Enter)$/.test(event.key) && event.target.matches("[data-row], body"))) {
      if (act(event.key)) event.preventDefault();
    }
  });

  // Whoever clicks into a row, or comes to it by Tab, means it.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) point(row);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest('form.decide [data-key="Escape"]') && event.target.closest("[data-row]")) {
      event.preventDefault();
      leave(event.target);
    }
  });

  // A form opens in its row, and there is one at a time. What is no form is shown as a page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target, requestConfig } = event.detail;
    if (xhr.status === 200 && xhr.responseText.includes('class="decide"')) {
      for (const one of slots()) if (one !== target) one.replaceChildren();
    } else {
      event.detail.shouldSwap = false;
      location.assign(requestConfig.path);
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => event.target.closest("[data-row]")?.scrollIntoView());
  document.addEventListener("htmx:sendError", (event) => location.assign(event.detail.requestConfig.path));

  if (document.querySelector("[data-queue]")) {
    const id = location.hash.slice(1);
    const named = document.getElementById(id);
    // A row that was sent for and stands on another page of the queue; `at` has it looked for once.
    const isElsewhere = /^ais-\w+$/.test(id) && !named && !new URLSearchParams(location.search).has("at");
    if (isElsewhere && document.querySelector("[rel=next], [rel=prev]")) location.replace(`/?at=${id}#${id}`);
    else if (named?.matches("[data-row]")) mark(named);
    else point(rows()[0]); // whoever has just come begins with Tab at the top of the page
  }

  document.getElementById("flaws")?.focus();

  // A table that is wider than the window can be moved with the arrow keys, in every browser.
  function reachable() {
    for (const one of document.querySelectorAll(".scroll")) one.tabIndex = one.scrollWidth > one.clientWidth ? 0 : -1;
  }
  addEventListener("resize", reachable);
  reachable();
})();
