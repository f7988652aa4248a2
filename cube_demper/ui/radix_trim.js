// PostCSS: of Radix's 800 kB of styles keeps what the components that the pages import can wear. Each
// page waits for all of its stylesheet, and a browser weighs every rule anew whenever styles change.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = dirname(fileURLToPath(import.meta.url));
const RADIX = join(WEB, "node_modules/@radix-ui/themes");
const SOURCES = ["app", "app_components", "components", "utils", "public", "styles"];
const IMPORTS = /import\s*\{([^}]*)\}\s*from\s*["']@radix-ui\/themes["']/g;
const COMPONENT_CLASS = /\.(rt-[A-Z]\w*)/g;
const SCALE_TOKEN = /^--([a-z]+)-(?:a?\d+|contrast|surface|indicator|track)$/;
const BREAKPOINT = /\.(?:initial|xs|sm|md|lg|xl)\\:/;

const COLOURS = new Set(
  readdirSync(join(RADIX, "tokens/colors")).map((name) => name.replace(/\.css$/, "")),
);

const filesUnder = (folder) =>
  !existsSync(folder)
    ? []
    : readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return filesUnder(path);
        return /\.(jsx?|css)$/.test(entry.name) ? [path] : [];
      });

const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

// "DropdownMenu" lies in dropdown-menu.js, which imports what it is made of.
const classesOf = (name) => {
  const seen = new Set();
  const classes = new Set();
  const read = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    const code = readFileSync(path, "utf8");
    found(code, /\b(rt-[A-Z]\w*)/g).forEach((each) => classes.add(each));
    found(code, /from"(\.\/[\w.-]+\.js)"/g).forEach((each) => read(join(dirname(path), each)));
  };
  const file = name.replace(/(?!^)([A-Z])/g, "-$1").toLowerCase();
  read(join(RADIX, `dist/esm/components/${file}.js`));
  return classes;
};

export const inUse = () => {
  const code = SOURCES.flatMap((each) => filesUnder(join(WEB, each))).map((path) => readFileSync(path, "utf8"));
  const names = code.flatMap((text) => found(text, IMPORTS)).flatMap((list) => list.split(","));
  const components = new Set(names.map((name) => name.trim().split(/\s+as\s+/)[0]).filter(Boolean));
  const theme = code.flatMap((text) => found(text, /(?:accentColor|grayColor|color):"([a-z]+)"/g));
  return {
    classes: new Set([...components].flatMap((name) => [...classesOf(name)])),
    scales: new Set([...code.flatMap((text) => found(text, /--([a-z]+)-a?\d+/g)), ...theme, "gray", "black", "white"]),
  };
};

export const isWorn = (selector, { classes, scales }) => {
  if (BREAKPOINT.test(selector)) return false;
  const accent = selector.match(/\[data-(?:accent|gray)-color=['"]?([a-z]+)/);
  if (accent && COLOURS.has(accent[1]) && !scales.has(accent[1])) return false;
  const wanted = found(selector, COMPONENT_CLASS);
  return wanted.length === 0 || wanted.some((each) => classes.has(each));
};

const isRadix = (rule) =>
  rule.source?.input?.file?.startsWith(RADIX) && !rule.parent.name?.endsWith("keyframes");

const dropUnworn = (root, used) =>
  root.walkRules((rule) => {
    if (!isRadix(rule)) return;
    const kept = rule.selectors.filter((selector) => isWorn(selector, used));
    if (kept.length === 0) rule.remove();
    else if (kept.length < rule.selectors.length) rule.selectors = kept;
  });

const dropColours = (root, used) => {
  root.walkDecls((it) => {
    if (!SCALE_TOKEN.test(it.prop)) found(it.value, /var\(--([a-z]+)-a?\d+/g).forEach((each) => used.scales.add(each));
  });
  root.walkDecls(SCALE_TOKEN, (it) => {
    const [, scale] = it.prop.match(SCALE_TOKEN);
    if (isRadix(it.parent) && COLOURS.has(scale) && !used.scales.has(scale)) it.remove();
  });
};

const dropEmpty = (container) =>
  container.each((node) => {
    if (node.nodes) dropEmpty(node);
    if (node.nodes?.length === 0 && node.name !== "layer") node.remove();
  });

const trim = () => ({
  postcssPlugin: "radix-trim",
  OnceExit(root) {
    if (!root.some((node) => node.source?.input?.file?.startsWith(RADIX))) return;
    const used = inUse();
    dropUnworn(root, used);
    dropColours(root, used);
    dropEmpty(root);
  },
});
trim.postcss = true;

export default trim;
