/** Places of work by territory: what is the Union, what only looks like it, and what is no place at all. */
import { describe, expect, test } from '@jest/globals';
import { isTerritory, unionTerritories } from '../../src/core/policy/territories.ts';

describe('in the Union', () => {
  test.each([
    ['France', 'FR'],
    ['Germany', 'DE'],
    ['Greece by its ISO code', 'GR'],
    ['Cyprus', 'CY'],
    ['Croatia', 'HR'],
    ['Guadeloupe', 'GP'],
    ['Martinique', 'MQ'],
    ['French Guiana', 'GF'],
    ['Réunion', 'RE'],
    ['Mayotte', 'YT'],
    ['Saint-Martin', 'MF'],
    ['Åland', 'AX'],
    ['the Canary Islands', 'IC'],
    ['Ceuta and Melilla', 'EA'],
  ])('%s', (_, code) => {
    expect(unionTerritories.has(code)).toBe(true);
    expect(isTerritory(code)).toBe(true);
  });

  test('twenty-seven member states, and nine territories with codes of their own', () => {
    expect(unionTerritories.size).toBe(27 + 9);
  });
});

describe('outside', () => {
  test.each([
    ['New Caledonia', 'NC'],
    ['French Polynesia', 'PF'],
    ['Wallis and Futuna', 'WF'],
    ['Saint-Pierre-et-Miquelon', 'PM'],
    ['Saint-Barthélemy', 'BL'],
    ['French southern lands', 'TF'],
    ['Greenland', 'GL'],
    ['Faroe Islands', 'FO'],
    ['Aruba', 'AW'],
    ['Curaçao', 'CW'],
    ['Sint Maarten', 'SX'],
    ['Bonaire', 'BQ'],
    ['Svalbard', 'SJ'],
    ['United Kingdom', 'GB'],
    ['Gibraltar', 'GI'],
    ['Jersey', 'JE'],
    ['Switzerland', 'CH'],
    ['Norway', 'NO'],
    ['Iceland', 'IS'],
    ['Liechtenstein', 'LI'],
    ['Monaco', 'MC'],
    ['Andorra', 'AD'],
    ['San Marino', 'SM'],
    ['the Vatican', 'VA'],
    ['Ukraine', 'UA'],
    ['Morocco', 'MA'],
    ['United States', 'US'],
  ])('%s', (_, code) => {
    expect(unionTerritories.has(code)).toBe(false);
    expect(isTerritory(code)).toBe(true);
  });
});

test.each(['UK', 'EL', 'EU', 'XX', 'FX', 'fr', 'FRA', '', 'F'])('%p is no territory', (code) => {
  expect(isTerritory(code)).toBe(false);
});
