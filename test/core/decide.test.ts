/** The decision: every condition alone, all of them together, nonsense, and time. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, explainDecision } from '../../src/core/decide.ts';
import type { Instruction, Opening, Operation } from '../../src/core/model.ts';
import { criterionNames, type Decision, type Question } from '../../src/core/question.ts';
import { type Reason, reasonAnswers } from '../../src/core/reasons.ts';
import {
  ask,
  asRobot,
  breaks,
  DAY,
  emptySnapshot,
  MINUTE,
  NOW,
  officeHours,
  ofProvider,
  ownInstructions,
  passing,
  robotBreaks,
  type World,
} from './decide-world.ts';

function decided(world: World): Decision {
  const { snapshot, question, now } = ask(world);
  return decide(snapshot, question, now);
}

function unmet(decision: Decision): readonly string[] {
  return decision.effect === 'refuse'
    ? decision.criteria.filter(({ met }) => !met).map(({ name }) => name)
    : [];
}

/** One more instruction, by which nobody may do anything where it applies. */
function instructed(where: Partial<Instruction>): (world: World) => void {
  return (world) => {
    world.instructions = world.instructions.flatMap((one) => [one, { ...one, only: [], ...where }]);
  };
}

describe('a case in order', () => {
  test('is allowed and says what it rests on', () => {
    expect(decided(passing())).toEqual({
      effect: 'allow',
      client: 'acme',
      system: 'erp',
      operation: 'write',
      purpose: 'support',
      grant: 'g1',
      until: NOW + 40 * MINUTE,
      atMost: NOW + 50 * MINUTE,
      policy: 'sha256:slice',
    });
  });

  test.each<[string, (world: World) => void]>([
    [
      'assigned by team',
      (world) => (world.assignments = world.assignments.map((a) => ({ ...a, who: 'team:first-line' }))),
    ],
    [
      'assigned to every system',
      (world) => (world.assignments = world.assignments.map((a) => ({ ...a, systems: ['*'] }))),
    ],
    ['agreed by name', (world) => (world.grant = world.grant && { ...world.grant, people: ['alice'] })],
    [
      'agreed by team',
      (world) => (world.grant = world.grant && { ...world.grant, people: ['team:first-line'] }),
    ],
    [
      'nothing asked of the sign-in',
      (world) => (world.system = world.system && { ...world.system, authentication: undefined }),
    ],
    [
      'clocks a little apart',
      (world) => (world.authentication = world.authentication && { ...world.authentication, at: NOW + 5000 }),
    ],
    [
      'no reference needed',
      (world) => {
        world.purpose = world.purpose && { ...world.purpose, referenceRequired: false };
        world.opening = world.opening && { ...world.opening, reference: '' };
      },
    ],
    [
      'a test purpose on a test system',
      (world) => {
        world.purpose = world.purpose && { ...world.purpose, production: false };
        world.system = world.system && { ...world.system, environment: 'test' };
      },
    ],
    [
      'declared for as long as the purpose allows',
      (world) => (world.purpose = world.purpose && { ...world.purpose, minutes: 45 }),
    ],
    [
      'what was used up is free again from now on',
      (world) => (world.grant = world.grant && { ...world.grant, spentUntil: NOW }),
    ],
    ['what another system is instructed about', instructed({ systems: ['crm'] })],
    ['what another purpose is instructed about', instructed({ systems: ['erp'], purposes: ['hotline'] })],
    ['a robot', asRobot()],
    [
      'a robot shares its secret where nothing strong is asked',
      (world) => {
        asRobot({ proof: 'secret' })(world);
        world.system = world.system && { ...world.system, authentication: undefined };
        world.purpose = world.purpose && { ...world.purpose, authentication: undefined };
      },
    ],
  ])('also when %s', (_, apply) => {
    const world = passing();
    apply(world);
    expect(decided(world).effect).toBe('allow');
  });
});

test('for a robot it says what is not asked of one, and holds until its window or who answers for it ends', () => {
  const world = passing();
  asRobot()(world);
  const told = explainDecision(ask(world).snapshot, ask(world).question, NOW);
  expect(told.every(({ met }) => met)).toBe(true);
  expect(told.find(({ name }) => name === 'standing')?.detail).toMatch(/^Not asked of a robot, because/);
  expect(told.find(({ name }) => name === 'authentication')?.detail).toMatch(/not asked of a robot, because/);
  expect(decided(world)).toMatchObject({ until: NOW + 40 * MINUTE, atMost: NOW + 60 * MINUTE });
  world.responsible = world.responsible && { ...world.responsible, until: NOW + 7 * MINUTE };
  expect(decided(world)).toMatchObject({ atMost: NOW + 7 * MINUTE });
});

test.each<[string, boolean, number, Reason | undefined]>([
  ['an ordinary access', false, 60, 'consent_scope'],
  ['an emergency', true, 45, undefined],
  ['an emergency that is longer than the clause lets it be', true, 44, 'limit_reached'],
])('under a clause for emergencies alone: %s', (_name, emergency, minutes, reason) => {
  const world = passing();
  const clause = { people: ['alice'], minutes, perYear: 1, reviewDays: 1, zone: 'Europe/Paris' };
  world.grant = world.grant && { ...world.grant, people: [], emergency: clause };
  world.opening = world.opening && { ...world.opening, ...(emergency && { emergency }) };
  const decision = decided(world);
  expect(decision.effect === 'allow' ? undefined : decision.reason).toBe(reason);
});

describe('removing one condition', () => {
  test.each([...breaks, ...robotBreaks])('$name: $reason', ({ apply, reason, criterion }) => {
    const world = passing();
    apply(world);
    const decision = decided(world);
    expect(decision).toMatchObject({ effect: 'refuse', reason });
    expect(unmet(decision)[0]).toBe(criterion);
  });

  test('names one criterion and no other, unless others rest on it', () => {
    const restOnThem = new Set<Reason>(['unknown_system', 'not_employee', 'purpose_unknown', 'no_consent']);
    for (const { name, apply, reason, criterion } of [...breaks, ...robotBreaks]) {
      const world = passing();
      apply(world);
      const others = unmet(decided(world)).filter((other) => other !== criterion);
      // The end of the agreement also limits the opening.
      const expected = name === 'the agreement ends now' ? ['limits'] : [];
      if (!restOnThem.has(reason)) expect({ name, others }).toEqual({ name, others: expected });
    }
  });

  test('is tried for every criterion and for every reason a decision can give', () => {
    const criteria = new Set(breaks.map(({ criterion }) => criterion));
    const reasons = new Set<Reason>([...breaks, ...robotBreaks].map(({ reason }) => reason));
    expect([...criteria].sort()).toEqual([...criterionNames].sort());
    const elsewhere: readonly Reason[] = ['copy_not_granted', 'opening_missing', 'not_authenticated'];
    const notByDecide: readonly Reason[] = [
      'copy_withheld',
      'copy_register_required',
      'copy_limit',
      'bad_request',
      'method_not_allowed',
      'cross_site',
      'service_worker_refused',
      'references_owed',
      'outside_unsaid',
      'code_unknown',
      'code_used',
      'code_expired',
      'code_elsewhere',
      'tool_unknown',
      'tool_ended',
      'tool_elsewhere',
      'tool_beside_cookie',
      'ticket_unknown',
      'ticket_closed',
      'ticket_elsewhere',
      'ticket_unchecked',
      'emergency_needless',
      'emergency_used_up',
      'emergency_unreviewed',
      'foreign_target',
      'too_many_requests',
      'stopped_by_client',
    ];
    const all = [...reasons, ...elsewhere, ...notByDecide];
    expect(all.sort()).toEqual(Object.keys(reasonAnswers).sort());
  });

  test.each<[Operation, Reason]>([
    ['read', 'consent_scope'],
    ['write', 'write_not_granted'],
    ['copy', 'copy_not_granted'],
  ])('an agreement without %s refuses it with %s', (operation, reason) => {
    const others = (['read', 'write', 'copy'] as const).filter((other) => other !== operation);
    for (const part of ['grant', 'purpose'] as const) {
      const world = passing();
      world.operation = operation;
      world.instructions = [];
      if (part === 'grant') world.grant = world.grant && { ...world.grant, operations: others };
      else world.purpose = world.purpose && { ...world.purpose, operations: others };
      expect(decided(world)).toMatchObject({ effect: 'refuse', reason });
    }
  });
});

describe('removing several', () => {
  // Who takes a whole part away takes away, too, what another way to break it had changed in it.
  const wholeParts = new Set<Reason>(['unknown_system', 'not_employee', 'purpose_unknown', 'no_consent']);
  const inParts = breaks.filter(({ reason }) => !wholeParts.has(reason));

  test('the first criterion in the order names the refusal, and all are explained', () => {
    fc.assert(
      fc.property(fc.subarray(inParts, { minLength: 1 }), (chosen) => {
        const world = passing();
        for (const { apply } of chosen) apply(world);
        const decision = decided(world);
        if (decision.effect !== 'refuse') throw new Error(`came out ${decision.effect}`);
        expect(decision.criteria.map(({ name }) => name)).toEqual(criterionNames);
        const first = decision.criteria.find(({ met }) => !met);
        expect(first?.reason).toBe(decision.reason);
        const earliest = Math.min(...chosen.map(({ criterion }) => criterionNames.indexOf(criterion)));
        expect(criterionNames.indexOf(first?.name ?? 'operation')).toBeLessThanOrEqual(earliest);
        for (const { met, reason, detail } of decision.criteria) {
          expect(met).toBe(reason === undefined);
          expect(detail).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  test('any two of them: the earlier one names the refusal', () => {
    const wrong = inParts.flatMap((one, nth) =>
      inParts.slice(nth + 1).flatMap((other) => {
        const world = passing();
        one.apply(world);
        other.apply(world);
        const decision = decided(world);
        if (decision.effect !== 'refuse') return [`${one.name} / ${other.name}`];
        const first = decision.criteria.findIndex(({ met }) => !met);
        const earliest = Math.min(
          criterionNames.indexOf(one.criterion),
          criterionNames.indexOf(other.criterion),
        );
        return first >= 0 && first <= earliest ? [] : [`${one.name} / ${other.name}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('never turns a no into a yes', () => {
    fc.assert(
      fc.property(fc.subarray([...breaks], { minLength: 1 }), fc.constantFrom(...breaks), (chosen, more) => {
        const world = passing();
        for (const { apply } of [...chosen, more]) apply(world);
        expect(decided(world).effect).not.toBe('allow');
      }),
      { numRuns: 300 },
    );
  });
});

describe('asking for more', () => {
  test('nobody signed in: sign in', () => {
    const world = passing();
    world.opening = undefined;
    world.authentication = undefined;
    expect(decided(world)).toEqual({ effect: 'ask', to: 'sign-in', reason: 'not_authenticated' });
  });

  test('signed in, nothing declared: declare', () => {
    const world = passing();
    world.opening = undefined;
    expect(decided(world)).toEqual({ effect: 'ask', to: 'declare', reason: 'opening_missing' });
  });

  test('an unknown system is refused, not asked about', () => {
    const world = passing();
    world.opening = undefined;
    world.system = undefined;
    expect(decided(world)).toMatchObject({ effect: 'refuse', reason: 'unknown_system' });
  });

  test('an earlier refusal comes before asking to sign in', () => {
    const world = passing();
    world.authentication = undefined;
    expect(decided(world)).toMatchObject({ effect: 'ask', to: 'sign-in' });
    world.opening = world.opening && { ...world.opening, endedAt: NOW };
    expect(decided(world)).toMatchObject({ effect: 'refuse', reason: 'opening_ended' });
  });
});

/** Minutes after midnight at which hours of the purpose and of instructions end, and ends of a provider's record and of a notice. */
const hoursAndProvider = fc.record({
  purpose: fc.integer({ min: 560, max: 700 }),
  instruction: fc.integer({ min: 560, max: 700 }),
  purposeAge: fc.integer({ min: 11, max: 120 }),
  provider: fc.option(fc.tuple(fc.integer({ min: -5, max: 90 }), fc.integer({ min: -5, max: 90 }))),
  noticed: fc.option(fc.integer({ min: -5, max: 90 })),
  own: fc.integer({ min: 560, max: 700 }),
});

type Spans = typeof hoursAndProvider extends fc.Arbitrary<infer S> ? S : never;

function closing(world: World, { purpose, instruction, purposeAge, provider, noticed, own }: Spans): void {
  const until = (end: number) => ({ ...officeHours, windows: [{ days: [1], from: 480, until: end }] });
  world.hours = until(purpose);
  world.instructions = world.instructions.map((one) => ({ ...one, hours: until(instruction) }));
  world.purpose = world.purpose && {
    ...world.purpose,
    authentication: { acr: [], amr: [], maxAgeSeconds: purposeAge * 60 },
  };
  const instructions = ownInstructions({ days: [1], until: own });
  const notice = noticed === null ? {} : { noticed: NOW + noticed * MINUTE };
  world.grant = world.grant && { ...world.grant, instructions, ...notice };
  if (provider === null) return;
  const [guarantees, approval] = provider.map((end) => ({ from: 0, until: NOW + end * MINUTE }));
  ofProvider({ guarantees, approvals: new Map(approval === undefined ? [] : [['acme', approval]]) })(world);
}

describe('time', () => {
  test('an allow holds until the instant it names and not beyond', () => {
    let allowed = 0;
    const instant = fc.integer({ min: NOW - 1 * MINUTE, max: NOW + 90 * MINUTE });
    fc.assert(
      fc.property(fc.array(instant, { minLength: 9, maxLength: 9 }), hoursAndProvider, (ends, spans) => {
        const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = ends;
        const world = passing();
        world.person = world.person && {
          ...world.person,
          until: a,
          standing: {
            securityTraining: { from: 0, until: b },
            gdprTraining: { from: 0, until: c },
            charter: { from: 0, until: d },
            confidentiality: { from: 0, until: e },
          },
        };
        world.contract = { ...world.contract, until: f };
        world.assignments = [
          ...world.assignments.map((one) => ({ ...one, until: g })),
          { who: 'alice', systems: ['*'], from: NOW - DAY, until: h, reason: 'second' },
        ];
        world.authentication = world.authentication && { ...world.authentication, at: i - 60 * MINUTE };
        closing(world, spans);
        const decision = decided(world);
        if (decision.effect !== 'allow') return;
        allowed += 1;
        expect(decision.until).toBeGreaterThan(NOW);
        world.now = decision.until - 1;
        expect(decided(world).effect).toBe('allow');
        world.now = decision.until;
        expect(decided(world).effect).toBe('refuse');
      }),
      { numRuns: 2000 },
    );
    expect(allowed).toBeGreaterThan(0);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'a clock that says %d lets nobody in',
    (now) => {
      const world = passing();
      world.now = now;
      expect(decided(world).effect).toBe('refuse');
    },
  );
});

describe('nonsense', () => {
  test('an empty policy refuses everything', () => {
    const opening = ask(passing()).question.opening;
    const questions = fc.record({
      client: fc.string(),
      system: fc.string(),
      opening: fc.constantFrom(undefined, opening),
      operation: fc.constantFrom<Operation>('read', 'write', 'copy'),
    });
    fc.assert(
      fc.property(questions, fc.integer(), (parts, now) => {
        const question: Question = { ...ask(passing()).question, ...parts };
        expect(decide(emptySnapshot(), question, now)).toMatchObject({
          effect: 'refuse',
          reason: 'unknown_system',
        });
      }),
    );
  });

  test('never throws and never allows, whatever stands in the place of the parts', () => {
    const { snapshot, question, now } = ask(passing());
    const parts = ['opening', 'grant', 'authentication', 'operation', 'client', 'system'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.anything(), (part, value) => {
        const asked = { ...question, [part]: value } as Question;
        const decision = decide(snapshot, asked, now);
        const real = part === 'operation' && (value === 'read' || value === 'write' || value === 'copy');
        if (!real) expect(decision.effect).not.toBe('allow');
        // Told as not met, and by the criterion that names the refusal.
        if (decision.effect !== 'refuse') return;
        expect(decision.criteria.find(({ met }) => !met)?.reason).toBe(decision.reason);
      }),
      { numRuns: 2000 },
    );
    for (const asked of [undefined, null, {}, 7]) {
      expect(decide(snapshot, asked as unknown as Question, now).effect).toBe('refuse');
    }
  });

  test('never throws and never allows with one field of the opening or the agreement replaced by a wrong type', () => {
    const { snapshot, question, now } = ask(passing());
    const field = fc.constantFrom<keyof Opening>(
      'client',
      'person',
      'account',
      'systems',
      'purpose',
      'grant',
      'endsAt',
      'openedAt',
    );
    const wrong = fc.constantFrom<unknown>(undefined, null, Number.NaN, {}, [], true, 'x', Symbol('x'));
    fc.assert(
      fc.property(field, wrong, (name, value) => {
        const opening = { ...question.opening, [name]: value } as unknown as Opening;
        const decision = decide(snapshot, { ...question, opening }, now);
        expect(decision.effect).not.toBe('allow');
        if (decision.effect !== 'refuse') return;
        expect(decision.criteria.find(({ met }) => !met)?.reason).toBe(decision.reason);
      }),
      { numRuns: 500 },
    );
  });
});
