import { dateTime } from "../format.ts";
import { late } from "../late.tsx";
import { Skeleton } from "./progress.tsx";

export interface ChartSeries {
  readonly label: string;
  /** One for each time; null is a gap. */
  readonly values: readonly (number | null)[];
}

export interface LineChartProps {
  /** What it shows. */
  readonly label: string;
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  /** How its numbers are written. */
  readonly format?: (value: number) => string;
  /** How they are written beside the axis, where there is little room; else as everywhere. */
  readonly axisFormat?: (value: number) => string;
  /** Pixels. */
  readonly height?: number;
}

const Plot = late(() => import("./plot.tsx").then(({ Plot }) => Plot), <Skeleton lines={5} />);

/** Lines over time with a legend, and the same as a table for who does not see them. */
export function LineChart(props: LineChartProps) {
  const { label, times, series, format = String, height = 220 } = props;
  const { axisFormat = format } = props;
  return (
    <figure className="chart">
      <figcaption className="visually-hidden">{label}</figcaption>
      <div aria-hidden="true">
        <Plot {...{ times, series, format, axisFormat, height }} />
      </div>
      <details className="chart-data">
        <summary>{label}: as a table</summary>
        <ChartTable {...{ label, times, series, format }} />
      </details>
    </figure>
  );
}

type ChartTableProps = Required<Pick<LineChartProps, "label" | "times" | "series" | "format">>;

function ChartTable({ label, times, series, format }: ChartTableProps) {
  return (
    <div className="table-box" role="group" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map((line) => (
              <th key={line.label} scope="col" className="end">
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, index) => (
            <tr key={time}>
              <td>{dateTime(time)}</td>
              {series.map((line) => (
                <td key={line.label} className="end">
                  {textOf(line.values[index], format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function textOf(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}
