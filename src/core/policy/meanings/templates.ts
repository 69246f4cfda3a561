/** What each key of a grant template means, in one sentence; its shape is said by the schema. */

export const templateMeanings = {
  label: 'What the template is called, for whoever proposes and for the client.',
  about: 'What it is for, in a sentence that the client reads above the lines.',
  purposes: 'Purposes that are proposed; those that the client has no system for are left out.',
  operations: 'Operations that are proposed.',
  people:
    '`assigned` (whoever is assigned to the system), `team:<id>`, or `robot:<id>`: a machine is named, or not meant. Robots that are not assigned to the client are left out; a template of robots alone is about the systems that they are assigned to.',
  days: 'How many days the agreement lasts from the day it is signed; the client may choose fewer.',
  once_minutes:
    'It is used once: so many minutes that begin with the first access, which must begin within `days`. Left out: it holds over the whole time.',
  limits:
    'How much may be used in each period; the client cannot sign for more. Left out: no limit but those of the purposes.',
  'limits.per': 'Length of a period, in the client’s zone.',
  'limits.openings': 'Accesses in each period.',
  'limits.minutes': 'Minutes declared in each period.',
  'limits.megabytes': 'Megabytes moved in each period.',
  'limits.copies': 'Copies taken in each period.',
  'limits.copied_megabytes': 'Megabytes that leave in copies in each period.',
  'limits.keep_days':
    'Days after which a copy must be gone; it only shortens what the purpose and the client’s file say. Of no period.',
} as const;
