/** The client's history: a choice of filters, a timeline, and each access as one sentence that opens into its card. */
import type { JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import type { SavedView } from '../../core/views.ts';
import { longestViewName } from '../../core/views.ts';
import { dayInWords, instant } from '../formats.ts';
import type { Card } from '../history-cards.ts';
import { type FilterName, type Filters, historyAddress, mostDays } from '../history-filters.ts';
import type { Timeline } from '../history-timeline.ts';
import { texts } from '../texts.ts';
import { DrillList, type NamedDrill } from './drill.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, Hidden, Input, Notice } from './parts.tsx';
import { Behind, Unnoted } from './reading.tsx';
import { CardBody, StoryState } from './story-card.tsx';
import { TimelineChart } from './timeline.tsx';

const words = texts.history;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What can be chosen, by the name of the filter. */
export type Choices = {
  readonly [N in Exclude<FilterName, 'from' | 'to' | 'reference' | 'agreement'>]: readonly Choice[];
} & { readonly cut: boolean };

export interface HistoryProps {
  readonly frame: Frame;
  readonly client: string;
  readonly zone: string;
  readonly noted: boolean;
  readonly filters: Filters;
  readonly choices: Choices;
  readonly timeline: Timeline;
  readonly csrf: string;
  readonly views: readonly SavedView[];
  purposeName(code: string): string;
  readonly cards: readonly Card[];
  readonly total: number | undefined;
  readonly many: number;
  readonly older: string | undefined;
  readonly searchedTo: number | undefined;
  readonly behind: number | undefined;
  readonly now: number;
  /** Tests of the period. */
  readonly drills: readonly NamedDrill[];
}

export function HistoryPage(props: HistoryProps): JSX.Element {
  const { frame, client, filters, zone, behind, timeline } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title(client))}>
      <Unnoted frame={frame} noted={props.noted} />
      <Behind frame={frame} zone={zone} behind={behind} />
      {filters.bounded && (
        <Notice kind="calm">
          <p>{say(words.bounded(mostDays))}</p>
        </Notice>
      )}
      <FilterForm {...props} />
      <Views {...props} />
      <TimelineChart
        frame={frame}
        timeline={timeline}
        values={filters.values}
        purposeName={props.purposeName}
      />
      <Stories {...props} />
      <DrillList frame={frame} zone={props.zone} now={props.now} drills={props.drills} />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

/** Behind `purpose`, which is always there. */
const further = [
  ['system', texts.controller.system],
  ['person', words.person],
  ['function', words.function],
  ['operation', texts.controller.operation],
  ['result', words.result],
  ['route', words.route],
  ['emergency', texts.emergencies.filter],
] as const;

const noErrors: ReadonlyMap<string, string> = new Map();

function FilterForm({ frame, filters, choices }: HistoryProps): JSX.Element {
  const { say } = frame;
  const { values } = filters;
  const select = (name: 'purpose' | (typeof further)[number][0], label: Text): JSX.Element => (
    <Select
      key={name}
      name={name}
      label={say(label)}
      any={say(words.any)}
      value={values[name]}
      choices={choices[name]}
    />
  );
  const open = values.reference !== '' || further.some(([name]) => values[name] !== '');
  return (
    <form method="get" action="/history" class="filters" aria-label={say(words.filters)}>
      <Input name="from" type="date" label={say(words.from)} value={values.from} errors={noErrors} />
      <Input name="to" type="date" label={say(words.to)} value={values.to} errors={noErrors} />
      {select('purpose', texts.controller.purpose)}
      <details open={open}>
        <summary>{say(words.more)}</summary>
        <div>
          {further.map(([name, label]) => select(name, label))}
          <Input
            name="reference"
            label={say(words.reference)}
            value={values.reference}
            maxLength={200}
            errors={noErrors}
          />
        </div>
      </details>
      {values.agreement !== '' && <input type="hidden" name="agreement" value={values.agreement} />}
      <p class="actions">
        <button type="submit">{say(words.show)}</button>
        <a href="/history">{say(words.reset)}</a>
      </p>
      {(values.agreement !== '' || choices.cut) && (
        <p class="quiet wide">
          {values.agreement !== '' && <a href={`/agreements/${values.agreement}`}>{say(words.agreement)}</a>}{' '}
          {choices.cut && say(words.termsCut)}
        </p>
      )}
    </form>
  );
}

/** A value that is not among the choices any more stays chosen, so that the form says what the page shows. */
function Select(props: {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly value: string;
  readonly choices: readonly Choice[];
}): JSX.Element {
  const { name, label, any, value, choices } = props;
  const known = value === '' || choices.some((choice) => choice.value === value);
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="">{any}</option>
        {!known && (
          <option value={value} selected>
            {value}
          </option>
        )}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Views({ frame, filters, views, csrf }: HistoryProps): JSX.Element {
  const { say } = frame;
  return (
    <details>
      <summary>{say(words.views)}</summary>
      {views.length > 0 && (
        <ul class="views">
          {views.map((view) => (
            <li key={view.id} class="row">
              <a href={view.query === '' ? '/history' : `/history?${view.query}`}>{view.name}</a>
              <form method="post" action={`/history/views/${view.id}/drop`}>
                <Csrf token={csrf} />
                <button type="submit" class="plain" aria-label={say(words.viewDropNamed(view.name))}>
                  {say(words.viewDrop)}
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      <form method="post" action="/history/views" class="filters">
        <Csrf token={csrf} />
        <Hidden values={filters.values} />
        <Input
          name="name"
          label={say(words.viewName)}
          value=""
          maxLength={longestViewName}
          errors={noErrors}
        />
        <label class="tick">
          <input type="checkbox" name="period" value="yes" /> {say(words.viewPeriod)}
        </label>
        <p class="actions">
          <button type="submit" class="plain">
            {say(words.viewSave)}
          </button>
        </p>
      </form>
    </details>
  );
}

function Stories(props: HistoryProps): JSX.Element {
  const { frame, cards, filters, older, searchedTo, zone } = props;
  const { say, language } = frame;
  const paged = filters.before !== undefined;
  const days = [...new Set(cards.map(({ day }) => day))];
  return (
    <section aria-labelledby="openings">
      <h2 id="openings">{say(words.openings)}</h2>
      <p class="quiet">{summary(props)}</p>
      {cards.length === 0 && <p class="empty">{say(paged ? words.noMore : words.none)}</p>}
      {days.map((day) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h3 id={`day-${day}`}>{dayInWords(day, language)}</h3>
          <ul class="stories">
            {cards
              .filter((card) => card.day === day)
              .map((card) => (
                <StoryItem key={`${card.story.origin} ${card.story.index}`} card={card} page={props} />
              ))}
          </ul>
        </section>
      ))}
      {searchedTo !== undefined && (
        <p class="notice calm">{say(words.searchedTo(instant(searchedTo, zone, language)))}</p>
      )}
      <p class="actions">
        {paged && <a href={historyAddress(filters.values)}>{say(words.newest)}</a>}
        {older !== undefined && (
          <a href={older}>{say(searchedTo === undefined ? words.older : words.searchOn)}</a>
        )}
      </p>
    </section>
  );
}

function summary({ frame, filters, total, many }: HistoryProps): string {
  const { say, language } = frame;
  const { from, to } = filters.values;
  const period = say(words.between(dayInWords(from, language), dayInWords(to, language)));
  if (total === undefined) return period;
  const written = many.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB');
  return `${say(total > many ? words.moreThan(written) : words.total(total))}, ${period}`;
}

function StoryItem({ card, page }: { readonly card: Card; readonly page: HistoryProps }): JSX.Element {
  const { frame, zone } = page;
  return (
    <li class="story">
      <details>
        <summary>
          {card.sentence} <StoryState frame={frame} card={card} />
        </summary>
        <CardBody frame={frame} zone={zone} card={card} most={8} times={false} />
        {card.story.kind === 'opening' && (
          <p>
            <a href={`/history/${card.story.id}`}>{frame.say(words.whole)}</a>
          </p>
        )}
      </details>
    </li>
  );
}
