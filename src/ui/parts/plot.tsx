import { useEffect, useRef } from "react";
import UPlot from "uplot";
import { clock, dateTime, day } from "../format.ts";
import { useTheme } from "../theme.ts";
import type { LineChartProps } from "./line-chart.tsx";

type PlotProps = Required<Omit<LineChartProps, "label">>;

const lineColours = 8;

/** The picture itself, in a chunk of its own. */
export function Plot({ times, series, format, axisFormat, height }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const { shown } = useTheme();
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const plot = new UPlot(
      optionsOf({ times, series, format, axisFormat, height }, element),
      [times.map((time) => time / 1000), ...series.map(({ values }) => [...values])],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, series, format, axisFormat, height, shown]);
  return <div ref={box} className="plot" />;
}

function optionsOf(props: PlotProps, element: HTMLElement): UPlot.Options {
  const { series, format, axisFormat, height } = props;
  const colour = (name: string) => colourOf(element, name);
  const grid = { stroke: colour("--line"), width: 1 };
  const axis: UPlot.Axis = {
    stroke: colour("--text-dim"),
    grid,
    ticks: grid,
    font: "12px system-ui",
  };
  return {
    width: element.clientWidth || 600,
    height,
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.05 : 1] } },
    axes: [
      { ...axis, values: (_plot, splits) => timeMarks(splits) },
      { ...axis, size: 72, values: (_plot, splits) => splits.map((value) => axisFormat(value)) },
    ],
    series: [
      { value: (_plot, seconds) => (seconds === null ? "–" : dateTime(seconds * 1000)) },
      ...series.map(({ label }, index) => ({
        label,
        stroke: colour(`--line-${(index % lineColours) + 1}`),
        width: 1.5,
        points: {
          fill: colour("--surface"),
          filter: (plot: UPlot, place: number, isShown: boolean) =>
            isShown ? null : lonePoints(plot, place),
        },
        value: (_plot: UPlot, value: number | null) =>
          value === null || value === undefined ? "–" : format(value),
      })),
    ],
  };
}

/** Points without a neighbour: no line shows them. */
function lonePoints({ data }: UPlot, place: number): number[] {
  const values = data[place] ?? [];
  const isGap = (at: number) => values[at] === null || values[at] === undefined;
  return [...values.keys()].filter((at) => !isGap(at) && isGap(at - 1) && isGap(at + 1));
}

/** Times of day, with the day at midnight; days where the marks are that far apart. */
function timeMarks(splits: readonly number[]): string[] {
  const [first = 0, second = 0] = splits;
  return splits.map((seconds, index) => {
    const time = clock(seconds * 1000).slice(0, 5);
    const date = day(seconds * 1000).replace(/ \d{4}$/, "");
    if (second - first >= 86_400) return date;
    return index === 0 || time === "00:00" ? `${time}\n${date}` : time;
  });
}

/** A colour of the style sheet, resolved: a canvas knows no custom properties. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
