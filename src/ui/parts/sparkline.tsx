export interface SparklineProps {
  readonly values: readonly number[];
  /** All that the picture says, in words: "240 calls in 24 hours, most at 13:00". */
  readonly label: string;
}

const barWidth = 3;
const gap = 1;
const height = 20;

/** Small bars in a line of a table. */
export function Sparkline({ values, label }: SparklineProps) {
  const most = Math.max(0, ...values);
  const width = Math.max(1, values.length * (barWidth + gap) - gap);
  return (
    <svg
      className="sparkline"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      {values.map((value, index) => {
        const tall = value > 0 && most > 0 ? Math.max(2, (value / most) * height) : 1;
        return (
          <rect
            key={index}
            className={value > 0 ? "spark-bar" : "spark-none"}
            x={index * (barWidth + gap)}
            y={height - tall}
            width={barWidth}
            height={tall}
          />
        );
      })}
    </svg>
  );
}
