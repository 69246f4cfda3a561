/**
 * The territories of the European Union in which client data may be opened: member states by ISO 3166-1 code, and
 * the outermost regions that have codes of their own. New Caledonia, French Polynesia and the other overseas
 * countries are not part of the Union and are not in the list; neither are Norway, Switzerland or the United Kingdom.
 */

const memberStates = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK';

/** Guadeloupe, Martinique, French Guiana, Réunion, Mayotte, Saint-Martin; and Åland, which belongs to Finland. */
const withOwnCode = 'GP MQ GF RE YT MF AX';

/** Policy files may name fewer, never others. */
export const unionTerritories: ReadonlySet<string> = new Set(`${memberStates} ${withOwnCode}`.split(' '));
