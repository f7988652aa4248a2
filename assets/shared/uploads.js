// A place for one file: dropped or chosen, sent as it is with progress, refused in the server's words.
import { createElement as h, useRef, useState } from "react";

const words = (request) => {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return undefined;
  }
};

export const FileDrop = ({ address, label, hint, accept, mostBytes, texts, onDone }) => {
  const [percent, setPercent] = useState(null);
  const [error, setError] = useState("");
  const [isOver, setIsOver] = useState(false);
  const request = useRef(null);

  const send = (file) => {
    if (!file) return;
    if (file.size > mostBytes) {
      setError(texts.tooBig);
      return;
    }
    const sending = new XMLHttpRequest();
    request.current = sending;
    const end = (text) => {
      setPercent(null);
      setError(text);
    };
    sending.upload.onprogress = (event) => setPercent(Math.floor((event.loaded / event.total) * 100));
    sending.onload = () => {
      if (sending.status !== 201) return end(words(sending) ?? texts.failed);
      end("");
      return onDone(JSON.parse(sending.responseText).id);
    };
    sending.onerror = () => end(texts.failed);
    sending.onabort = () => end("");
    sending.open("POST", address);
    sending.setRequestHeader("Content-Type", "application/octet-stream");
    sending.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    setError("");
    setPercent(0);
    sending.send(file);
  };

  if (percent !== null) {
    return h(
      "div",
      { className: "k-drop", role: "status" },
      h("progress", { max: 100, value: percent, "aria-label": texts.sending }),
      h("span", null, percent < 100 ? `${texts.sending} ${percent} %` : texts.reading),
      h(
        "button",
        { type: "button", className: "k-button k-secondary k-size-s", onClick: () => request.current.abort() },
        texts.cancel,
      ),
    );
  }
  return h(
    "label",
    {
      className: isOver ? "k-drop over" : "k-drop",
      onDragOver: (event) => {
        event.preventDefault();
        setIsOver(true);
      },
      onDragLeave: () => setIsOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setIsOver(false);
        send(event.dataTransfer.files[0]);
      },
    },
    h("input", {
      type: "file",
      accept,
      className: "k-unseen",
      onChange: (event) => {
        send(event.target.files[0]);
        event.target.value = "";
      },
    }),
    h("span", { className: "k-strong" }, label),
    h("span", { className: "k-second" }, hint),
    error && h("span", { className: "k-form-error", role: "alert" }, error),
  );
};
