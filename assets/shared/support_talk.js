// What the window of support knows. It lives beside the pages: going from one to another loses nothing.
// A message on its way is kept in the tab until the server has it; its key makes a second try no second message.
const ADDRESS = "/api/support";
const WAITS_MS = 15_000;
const TYPES_MS = 6000;
const MOST_KEPT = 400;
const MOST_AT_ONCE = 100;

const listeners = new Set();
let state = {
  isOpen: false,
  phase: "idle",
  isLost: false,
  chat: null,
  rows: [],
  hasOlder: false,
  isReadingOlder: false,
  typesUntil: 0,
  outbox: [],
};
let stream = null;
let reading = null;
let isStale = false;
let isSending = false;

export const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export const current = () => state;

const set = (changes) => {
  state = { ...state, ...changes };
  listeners.forEach((each) => each());
};

// Not crypto.randomUUID: it is there in secure contexts alone.
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, "0")).join("");

const shelf = () => `cube_support_outbox:${state.chat?.me ?? ""}`;

const remember = (name, value) => {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing: it works until the tab is closed.
  }
};

const recall = (name) => {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
};

const ask = async (path, body) => {
  const answer = await fetch(ADDRESS + path, {
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(WAITS_MS),
  });
  const given = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(given.message ?? ""), { status: answer.status });
  return given;
};

const keepOutbox = (outbox) => {
  remember(shelf(), outbox.length ? JSON.stringify(outbox) : null);
  set({ outbox });
};

const merge = (found, { isOlder = false } = {}) => {
  const { rows, has_older: hasOlder, typing, ...chat } = found;
  const isFirst = state.chat === null;
  const isAnswered = !isFirst && rows.some((it) => !it.is_own);
  const known = new Map(state.rows.map((it) => [it.number, it]));
  rows.forEach((it) => known.set(it.number, it));
  const whole = [...known.values()].sort((one, two) => one.number - two.number);
  const kept = isOlder ? whole : whole.slice(-MOST_KEPT);
  set({
    chat,
    rows: kept,
    hasOlder: kept.length < whole.length || (isFirst || isOlder ? hasOlder : state.hasOlder),
    typesUntil: typing && !isAnswered ? Date.now() + TYPES_MS : 0,
    phase: "ready",
    isLost: false,
  });
  if (isFirst) {
    const left = JSON.parse(recall(shelf()) ?? "[]");
    set({ outbox: left.map((it) => ({ ...it, status: "sending" })) });
    pump();
  }
  const arrived = new Set(rows.filter((it) => it.key).map((it) => it.key));
  if (state.outbox.some((it) => arrived.has(it.key))) keepOutbox(state.outbox.filter((it) => !arrived.has(it.key)));
};

// One reading at a time; what is asked for meanwhile is read once more after it.
export const refresh = async () => {
  isStale = true;
  if (reading) return reading;
  reading = (async () => {
    try {
      while (isStale) {
        isStale = false;
        const last = state.rows.at(-1)?.number;
        const found = await ask(`/chat${last ? `?after=${last}` : ""}`);
        merge(found);
        if (last && found.rows.length >= MOST_AT_ONCE) isStale = true; // there may be more
      }
    } catch {
      set({ isLost: true, phase: state.chat ? "ready" : "error" });
    } finally {
      reading = null;
    }
  })();
  return reading;
};

export const older = async () => {
  if (state.isReadingOlder || !state.rows.length) return;
  set({ isReadingOlder: true });
  try {
    merge(await ask(`/chat?before=${state.rows[0].number}`), { isOlder: true });
  } catch {
    set({ isLost: true });
  }
  set({ isReadingOlder: false });
};

const retry = () => state.outbox.filter((it) => it.status === "failed").forEach((it) => again(it.key));

const listen = () => {
  if (stream || !state.isOpen || document.visibilityState !== "visible") return;
  stream = new EventSource(`${ADDRESS}/live`);
  stream.onmessage = refresh;
  stream.onopen = retry; // «online» may be said before anything can be reached
  stream.onerror = () => {
    set({ isLost: true });
    if (stream?.readyState === EventSource.CLOSED) hush(); // refused: the session is over
  };
};

const hush = () => {
  stream?.close();
  stream = null;
};

export const open = () => {
  if (state.isOpen) return;
  remember("cube_support_open", "1");
  set({ isOpen: true, phase: state.chat ? "ready" : "loading" });
  listen();
  refresh();
};

export const close = () => {
  remember("cube_support_open", null);
  set({ isOpen: false });
  hush();
};

export const reload = () => {
  set({ phase: state.chat ? "ready" : "loading" });
  hush();
  listen();
  refresh();
};

const change = (key, changes) =>
  keepOutbox(state.outbox.map((it) => (it.key === key ? { ...it, ...changes } : it)));

// In order, one after another; a message that failed lets the next one go.
const pump = async () => {
  if (isSending) return;
  isSending = true;
  for (let next; (next = state.outbox.find((it) => it.status === "sending")); ) {
    const { key, text, files } = next;
    try {
      await ask("/messages", { key, text, files: files.map((it) => it.id) });
      change(key, { status: "sent", error: "" });
      await refresh();
    } catch (error) {
      const isRefused = error.status >= 400 && error.status < 500 && error.status !== 429;
      change(key, { status: isRefused ? "refused" : "failed", error: error.message && error.status ? error.message : "" });
    }
  }
  isSending = false;
};

export const send = (text, files) => {
  keepOutbox([...state.outbox, { key: newKey(), text, files, at: Date.now(), status: "sending", error: "" }]);
  pump();
};

export const again = (key) => {
  change(key, { status: "sending", error: "" });
  pump();
};

export const drop = (key) => keepOutbox(state.outbox.filter((it) => it.key !== key));

export const tell = (what) => ask(`/${what}`, {}).catch(() => {});

export const seen = () => tell("read");

export const deed = async (path, body) => {
  try {
    await ask(path, body);
    await refresh();
    return "";
  } catch (error) {
    return error.message && error.status ? error.message : null;
  }
};

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") listen();
    else hush();
  });
  addEventListener("online", () => {
    retry();
    if (state.isOpen) reload();
  });
}

export const wasOpen = () => recall("cube_support_open") === "1";
