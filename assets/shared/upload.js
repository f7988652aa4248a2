// A file goes straight to the server's own route, with its progress; a socket is no place for it.
import { createElement, useRef, useState } from "react";

const failed = "Не получилось загрузить файл. Проверьте связь и попробуйте ещё раз.";

const send = (file, to, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${to}?name=${encodeURIComponent(file.name)}`);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) =>
      event.lengthComputable && onProgress(Math.round((100 * event.loaded) / event.total));
    request.onload = () =>
      request.status === 201 ? resolve(request.response.id) : reject(request.response?.message);
    request.onerror = () => reject();
    request.send(file);
  });

export const UploadBox = ({ to, accept, mostBytes, title, help, tooBig, onDone }) => {
  const input = useRef(null);
  const [percent, setPercent] = useState(null);
  const [error, setError] = useState("");
  const [isOver, setOver] = useState(false);
  const take = async (file) => {
    if (!file || percent !== null) return;
    if (file.size > mostBytes) return setError(tooBig);
    setError("");
    setPercent(0);
    try {
      onDone(await send(file, to, setPercent));
    } catch (message) {
      setError(message || failed);
    }
    setPercent(null);
    if (input.current) input.current.value = "";
  };
  const over = (is) => (event) => {
    event.preventDefault();
    setOver(is);
  };
  return createElement(
    "label",
    {
      className: "k-upload",
      "data-over": isOver,
      onDragOver: over(true),
      onDragLeave: over(false),
      onDrop: (event) => {
        over(false)(event);
        take(event.dataTransfer.files[0]);
      },
    },
    createElement("input", {
      ref: input,
      type: "file",
      accept,
      className: "k-unseen",
      disabled: percent !== null,
      onChange: (event) => take(event.target.files[0]),
    }),
    createElement("span", { className: "k-strong" }, percent === null ? title : `${percent} %`),
    createElement(
      "span",
      { className: error ? "k-wrong" : "k-note", role: error ? "alert" : undefined },
      error || help,
    ),
  );
};
