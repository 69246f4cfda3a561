/**
 * Where people work, by territory and not by country: what is the European Union ends inside France, Denmark, the
 * Netherlands and Finland, so that a country code alone would say yes to places that are outside.
 */

const memberStates = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK';

/**
 * Parts of the Union with codes of their own: the French outermost regions (Guadeloupe, Martinique, French Guiana,
 * Réunion, Mayotte, Saint-Martin), Åland, and Spain's Canary Islands, Ceuta and Melilla. Azores and Madeira are PT.
 */
const withOwnCode = 'GP MQ GF RE YT MF AX IC EA';

/**
 * Everything else of ISO 3166-1: outside. Among it what belongs to a member state without being in the Union (New
 * Caledonia, French Polynesia, Wallis and Futuna, Saint-Pierre-et-Miquelon, Saint-Barthélemy, the southern lands;
 * Greenland, Faroe Islands; Aruba, Curaçao, Sint Maarten, Bonaire) and the neighbours that are often taken for it
 * (GB, CH, NO, IS, LI, MC, AD, SM, VA, JE, GG, IM, GI).
 */
const outside =
  'AD AE AF AG AI AL AM AO AQ AR AS AU AW AZ BA BB BD BF BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG ' +
  'CH CI CK CL CM CN CO CR CU CV CW CX DJ DM DO DZ EC EG EH ER ET FJ FK FM FO GA GB GD GE GG GH GI GL GM GN GQ GS GT ' +
  'GU GW GY HK HM HN HT ID IL IM IN IO IQ IR IS JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LY ' +
  'MA MC MD ME MG MH MK ML MM MN MO MP MR MS MU MV MW MX MY MZ NA NC NE NF NG NI NO NP NR NU NZ OM PA PE PF PG PH PK ' +
  'PM PN PR PS PW PY QA RS RU RW SA SB SC SD SG SH SJ SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN ' +
  'TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE ZA ZM ZW';

/** Policy files may name fewer, never others. */
export const unionTerritories: ReadonlySet<string> = new Set(`${memberStates} ${withOwnCode}`.split(' '));

const territories: ReadonlySet<string> = new Set([...unionTerritories, ...outside.split(' ')]);

/** Whether this is the code of a territory at all; `UK`, `EL` or `EU` are not. */
export function isTerritory(code: string): boolean {
  return territories.has(code);
}
