import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Draft, LeafFields } from '../../src/core/entries.ts';
import type { Form } from '../../src/stores/ledger-forms.ts';
import { type Call, decodeCalls, encodeIntent } from '../../src/stores/ledger-wire.ts';

/** A call written out, also one that would cross by its form. */
function written(call: Call | undefined): string | undefined {
  return typeof call === 'object' ? call.form.written(call.id, call.id) : call;
}

function formOf(call: Call | undefined): Form | undefined {
  return typeof call === 'object' ? call.form : undefined;
}

const said: LeafFields = {
  session: 'opening',
  system: 'erp',
  grant: 'agreement',
  epoch: 4,
  method: 'GET',
  operation: 'read',
  dest: 'page',
  // What looks like the place of an id is not taken for it.
  policy: '"id":"x","id":"',
};
const target: LeafFields = { path: '/"id":"x"' };
const frozen = (value: LeafFields): LeafFields => Object.freeze({ ...value });

function draftOf(id: string, fields: LeafFields, groups: Draft['groups'], client = 'acme'): Draft {
  return { client, t: 'access.intent', id, fields, ...(groups === undefined ? {} : { groups }) };
}

describe('what exchanges of one access say alike', () => {
  const fields = frozen(said);
  const groups = Object.freeze({ target: frozen(target) });

  test.each([{ with: groups }, { with: undefined }])(
    'crosses as if each was written out',
    ({ with: mine }) => {
      const id = fc.oneof(fc.base64String(), fc.string(), fc.stringMatching(/^[A-Za-z0-9_-]{1,22}$/));
      fc.assert(
        fc.property(id, (one) => {
          const whole = encodeIntent(draftOf(one, { ...said }, mine && { target: { ...target } }), 4);
          expect(written(encodeIntent(draftOf(one, fields, mine), 4))).toBe(whole);
        }),
      );
      const forms = ['a', 'b'].map((one) => formOf(encodeIntent(draftOf(one, fields, mine), 4)));
      expect(forms[0]).toBeDefined();
      expect(forms[1]).toBe(forms[0]);
    },
  );

  test('is not taken for another client, kind, epoch or target', () => {
    const id = 'abc';
    encodeIntent(draftOf(id, fields, groups), 4);
    const other = Object.freeze({ target: frozen({ path: '/other' }) });
    const [client, kind, path] = [
      encodeIntent(draftOf(id, fields, groups, 'martin'), 4),
      encodeIntent({ ...draftOf(id, fields, groups), t: 'access.static' }, 4),
      encodeIntent(draftOf(id, fields, other), 4),
    ].map((call) => decodeCalls(written(call) ?? '')[0]);
    expect(client).toMatchObject({ client: 'martin', id });
    expect(kind).toMatchObject({ t: 'access.static' });
    expect(path).toMatchObject({ target: '{"path":"/other"}' });
    expect(encodeIntent(draftOf(id, fields, groups), 5)).toBeUndefined();
  });

  test('is looked at anew where it can change', () => {
    const changing = { ...said };
    encodeIntent(draftOf('abc', changing, groups), 4);
    Object.assign(changing, { method: 'HEAD' });
    expect(encodeIntent(draftOf('abc', changing, groups), 4)).toContain('"method":"HEAD"');
  });
});
