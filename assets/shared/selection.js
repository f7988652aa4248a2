// Rows chosen in a list. They live here, so that a checkbox answers at once, and go with the action.
import { createElement, useEffect, useRef, useSyncExternalStore } from "react";

const EMPTY = Object.freeze({ ids: [], all: false, count: 0 });
const listeners = new Set();
let snapshot = EMPTY;
let place = "";
let pageIds = [];
let lastTouched = null;

// A choice belongs to one list under one filter; turning its pages keeps it.
const here = () => {
  const query = new URLSearchParams(window.location.search);
  query.delete("page");
  query.delete("sort");
  return `${window.location.pathname}?${query}`;
};

const read = () => {
  const now = here();
  if (now !== place) {
    place = now;
    snapshot = EMPTY;
    lastTouched = null;
  }
  return snapshot;
};

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const put = (ids, all = false, count = ids.length) => {
  snapshot = ids.length || all ? { ids, all, count } : EMPTY;
  listeners.forEach((listener) => listener());
};

export const useSelection = () => useSyncExternalStore(subscribe, read, () => EMPTY);

export const clearSelection = () => put([]);

if (typeof document !== "undefined") document.addEventListener("kit:unselect", clearSelection);

export const selectAll = (total) => put([], true, total);

const change = (ids, checked) => {
  const base = snapshot.all ? pageIds : snapshot.ids;
  const chosen = new Set(base);
  for (const id of ids) checked ? chosen.add(id) : chosen.delete(id);
  put([...chosen]);
};

const between = (from, to) => {
  const [start, end] = [pageIds.indexOf(from), pageIds.indexOf(to)].sort((a, b) => a - b);
  return start < 0 ? [to] : pageIds.slice(start, end + 1);
};

export const RowCheckbox = ({ rowId, label }) => {
  const { ids, all } = useSelection();
  const withShift = useRef(false);
  return createElement("input", {
    type: "checkbox",
    className: "k-check",
    "aria-label": label,
    checked: all || ids.includes(rowId),
    onClick: (event) => {
      withShift.current = event.shiftKey;
    },
    onChange: (event) => {
      const range = withShift.current && lastTouched ? between(lastTouched, rowId) : [rowId];
      change(range, event.target.checked);
      lastTouched = rowId;
    },
  });
};

export const PageCheckbox = ({ ids: onPage, label }) => {
  const { ids, all } = useSelection();
  const box = useRef(null);
  const chosen = all ? onPage.length : onPage.filter((id) => ids.includes(id)).length;
  const every = onPage.length > 0 && chosen === onPage.length;
  useEffect(() => {
    pageIds = onPage;
    if (box.current) box.current.indeterminate = chosen > 0 && !every;
  });
  return createElement("input", {
    ref: box,
    type: "checkbox",
    className: "k-check",
    "aria-label": label,
    checked: every,
    disabled: onPage.length === 0, // the rows are still on their way
    onChange: () => change(onPage, !every),
  });
};
