/** Accesses over time, drawn by the server: each bar is a link to its days, each purpose a link to itself. */
import type { JSX } from 'preact';
import { dayInWords } from '../formats.ts';
import { type FilterValues, historyAddress } from '../history-filters.ts';
import { type Column, chart, type Timeline } from '../history-timeline.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Table } from './parts.tsx';

const words = texts.history;

interface TimelineProps {
  readonly frame: Frame;
  readonly timeline: Timeline;
  readonly values: Partial<FilterValues>;
  purposeName(code: string): string;
}

/** Nothing for a single day or week: one bar would only repeat the list below it. */
export function TimelineChart(props: TimelineProps): JSX.Element | null {
  const { frame, timeline, values } = props;
  if (timeline.columns.length < 2) return null;
  const { say } = frame;
  return (
    <section class="timeline" aria-labelledby="timeline">
      <h2 id="timeline">{say(words.timeline)}</h2>
      <p class="quiet">
        {say(
          timeline.highest === 0
            ? words.timelineNone
            : timeline.weekly
              ? words.timelineWeeks
              : words.timelineDays,
        )}
      </p>
      {timeline.highest > 0 && (
        <>
          <svg viewBox={`0 0 ${chart.width} ${chart.height}`}>
            <title>{say(words.timeline)}</title>
            <line class="axis" x1="0" y1={chart.base + 0.5} x2={chart.width} y2={chart.base + 0.5} />
            {timeline.columns.map((column) => (
              <Bars key={column.x} column={column} {...props} />
            ))}
          </svg>
          <p class="quiet ends">
            <span>{firstDay(props)}</span>
            <span>{lastDay(props)}</span>
          </p>
          <ul class="legend">
            {timeline.series.map((purpose, at) => (
              <li key={purpose}>
                <span aria-hidden="true" class={`swatch series-${at}`} />
                <a href={historyAddress({ ...values, purpose })}>{props.purposeName(purpose)}</a>
              </li>
            ))}
            {timeline.others && (
              <li>
                <span aria-hidden="true" class="swatch series-rest" />
                {say(words.otherPurposes)}
              </li>
            )}
          </ul>
          <details>
            <summary>{say(words.asTable)}</summary>
            <Table
              caption={say(words.timeline)}
              headers={[say(words.period), say(words.openings)]}
              rows={timeline.columns
                .filter(({ total }) => total > 0)
                .map((column) => ({
                  key: String(column.x),
                  cells: [
                    <a key="period" href={addressOf(column, values)}>
                      {periodOf(column, props)}
                    </a>,
                    partsInWords(column, props),
                  ],
                }))}
            />
          </details>
        </>
      )}
    </section>
  );
}

function Bars({ column, ...props }: TimelineProps & { readonly column: Column }): JSX.Element | null {
  if (column.total === 0) return null;
  const said = `${periodOf(column, props)} – ${partsInWords(column, props)}`;
  return (
    <a href={addressOf(column, props.values)} aria-label={said}>
      <title>{said}</title>
      <rect class="hit" x={column.x} y={chart.top} width={column.width} height={chart.base - chart.top} />
      {column.parts.map((part) => (
        <rect
          key={part.purpose}
          class={part.series < 0 ? 'series-rest' : `series-${part.series}`}
          x={column.x}
          y={part.y}
          width={column.width}
          height={part.height}
        />
      ))}
    </a>
  );
}

function addressOf({ first, last }: Column, values: Partial<FilterValues>): string {
  return historyAddress({ ...values, from: first.toString(), to: last.toString() });
}

function periodOf({ first, last }: Column, { frame }: TimelineProps): string {
  const { say, language } = frame;
  const [from, to] = [dayInWords(first.toString(), language), dayInWords(last.toString(), language)];
  return from === to ? from : say(words.between(from, to));
}

function partsInWords({ parts, total }: Column, { frame, purposeName }: TimelineProps): string {
  const each = parts.map(({ purpose, count }) => `${purposeName(purpose)}: ${count}`);
  return `${frame.say(words.total(total))} (${each.join(', ')})`;
}

function firstDay({ timeline, frame }: TimelineProps): string {
  const first = timeline.columns[0]?.first.toString();
  return first === undefined ? '' : dayInWords(first, frame.language);
}

function lastDay({ timeline, frame }: TimelineProps): string {
  const last = timeline.columns.at(-1)?.last.toString();
  return last === undefined ? '' : dayInWords(last, frame.language);
}
