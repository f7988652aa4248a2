// Plotly, loaded when the first chart is shown; figures come in light colours and are swapped in dark.
import { createElement, useEffect, useRef } from "react";

const PHONE = 560;
const RUSSIAN = {
  name: "ru",
  format: {
    days: ["воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"],
    shortDays: ["вс", "пн", "вт", "ср", "чт", "пт", "сб"],
    months: [
      "январь", "февраль", "март", "апрель", "май", "июнь",
      "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
    ],
    shortMonths: ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    date: "%d.%m.%Y",
    decimal: ",",
    thousands: "\u00a0",
  },
};

const repaint = (part, palette) => {
  if (typeof part === "string") return palette[part] ?? part;
  if (Array.isArray(part)) return part.map((item) => repaint(item, palette));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, repaint(item, palette)]));
  }
  return part;
};

// A narrow screen has no room for labels at line ends: they go, the legend above stays.
const fitted = (layout, width) => {
  if (width >= PHONE) return layout;
  const { margin = {}, annotations = [] } = layout;
  return {
    ...layout,
    margin: { ...margin, r: Math.min(margin.r ?? 24, 12) },
    annotations: annotations.filter((note) => !(note.xref === "paper" && note.x === 1)),
    xaxis: { ...layout.xaxis, nticks: 4 },
  };
};

export const Chart = ({ figure, dark, palette, config, label }) => {
  const holder = useRef(null);
  useEffect(() => {
    const element = holder.current;
    let gone = false;
    let observer = null;
    (async () => {
      const loaded = await import("plotly.js-basic-dist-min");
      const Plotly = loaded.default ?? loaded;
      if (gone) return;
      if (!figure?.data?.length) {
        Plotly.purge(element);
        return;
      }
      const source = dark ? repaint(figure, palette) : figure;
      const options = { ...config, locale: "ru", locales: { ru: RUSSIAN } };
      let drawn = 0;
      const draw = () => {
        const width = element.clientWidth;
        if (gone || !width || width === drawn) return;
        drawn = width;
        const layout = { ...fitted(source.layout, width), width, height: element.clientHeight };
        Plotly.react(element, source.data, layout, { ...options, responsive: false });
      };
      draw();
      observer = new ResizeObserver(draw);
      observer.observe(element);
    })();
    return () => {
      gone = true;
      observer?.disconnect();
    };
  }, [figure, dark]);
  return createElement("div", { ref: holder, role: "img", "aria-label": label, className: "k-plot" });
};
