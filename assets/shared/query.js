// The address of a list: filters, sort and page. Each function returns the address to go to.
const address = (query) => {
  const text = query.toString();
  return window.location.pathname + (text ? `?${text}` : "");
};

const current = () => new URLSearchParams(window.location.search);

export const withQuery = (changes) => {
  const query = current();
  if (!("page" in changes)) query.delete("page");
  if (!("at" in changes)) query.delete("at");
  for (const [name, value] of Object.entries(changes)) {
    const text = String(value ?? "").trim();
    if (text === "" || (name === "page" && text === "1")) query.delete(name);
    else query.set(name, text);
  }
  return address(query);
};

export const withSort = (name) => {
  const query = current();
  const turned = query.get("sort") === name ? `-${name}` : name;
  query.set("sort", turned);
  query.delete("page");
  query.delete("at");
  return address(query);
};

export const cleared = (keep) => {
  const query = current();
  for (const name of [...query.keys()]) if (!keep.includes(name)) query.delete(name);
  return address(query);
};
