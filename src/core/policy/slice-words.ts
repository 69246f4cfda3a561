/** What the keys of a client's slice are called in words, and which of them the client's agreement rests on. */
import type { Text } from '../model.ts';

export interface Subject {
  /** A code for counting, without names. */
  readonly kind: string;
  readonly subject: Text;
  readonly relevant: boolean;
}

interface Rule {
  /** Keys from the top; `*` is any one key, and the rest may follow. */
  readonly at: string;
  readonly kind: string;
  readonly relevant: boolean;
  /** `names` are the keys that `*` stood for. */
  readonly say: (...names: string[]) => Text;
}

/** The first rule that fits counts. */
const rules: readonly Rule[] = [
  {
    at: 'file systems * upstream',
    kind: 'upstream',
    relevant: true,
    say: (id) => ({ en: `where the system ${id} leads`, fr: `la destination du système ${id}` }),
  },
  {
    at: 'file systems * hosts',
    kind: 'hosts',
    relevant: true,
    say: (id) => ({ en: `the addresses of the system ${id}`, fr: `les adresses du système ${id}` }),
  },
  {
    at: 'file systems * profile',
    kind: 'profile',
    relevant: true,
    say: (id) => ({
      en: `what counts as reading, writing and copying on ${id}`,
      fr: `ce qui compte comme lecture, écriture et copie sur ${id}`,
    }),
  },
  {
    at: 'file systems * authentication',
    kind: 'authentication',
    relevant: true,
    say: (id) => ({
      en: `how technicians must sign in for ${id}`,
      fr: `la connexion exigée des techniciens pour ${id}`,
    }),
  },
  {
    at: 'file systems * environment',
    kind: 'environment',
    relevant: true,
    say: (id) => ({ en: `the environment of ${id}`, fr: `l’environnement de ${id}` }),
  },
  {
    at: 'file systems * public_url',
    kind: 'address',
    relevant: false,
    say: (id) => ({
      en: `the address under which your own people know ${id}`,
      fr: `l’adresse sous laquelle vos propres utilisateurs connaissent ${id}`,
    }),
  },
  {
    at: 'file systems * purposes',
    kind: 'purposes',
    relevant: false,
    say: (id) => ({ en: `the purposes admitted on ${id}`, fr: `les finalités admises sur ${id}` }),
  },
  {
    at: 'file systems * door',
    kind: 'door',
    relevant: false,
    say: (id) => ({ en: `under which name ${id} is reached`, fr: `le nom sous lequel ${id} est atteint` }),
  },
  {
    at: 'file systems * closed_by',
    kind: 'door',
    relevant: true,
    say: (id) => ({
      en: `what closes other ways into ${id}`,
      fr: `ce qui ferme les autres voies vers ${id}`,
    }),
  },
  {
    at: 'file systems *',
    kind: 'system',
    relevant: true,
    say: (id) => ({ en: `the system ${id}`, fr: `le système ${id}` }),
  },
  {
    at: 'file controllers *',
    kind: 'controllers',
    relevant: true,
    say: (id) => ({
      en: `who may be enrolled to act for you: ${id}`,
      fr: `la personne pouvant être habilitée à agir pour vous : ${id}`,
    }),
  },
  {
    at: 'file accept_without_signature',
    kind: 'controllers',
    relevant: true,
    say: () => ({
      en: 'whether agreements by mail and code count, without a signature',
      fr: 'la valeur des accords donnés par courriel et code, sans signature',
    }),
  },
  {
    at: 'file instructions *',
    kind: 'instructions',
    relevant: true,
    say: (id) => ({ en: `your instruction ${id}`, fr: `votre instruction ${id}` }),
  },
  {
    at: 'file copies',
    kind: 'instructions',
    relevant: true,
    say: () => ({ en: 'how long copies may be kept', fr: 'la durée de conservation des copies' }),
  },
  {
    at: 'file tickets',
    kind: 'tickets',
    relevant: true,
    say: () => ({ en: 'how references are checked', fr: 'la vérification des références' }),
  },
  {
    at: 'file webhooks',
    kind: 'webhooks',
    relevant: false,
    say: () => ({ en: 'where your webhooks may lead', fr: 'où vos webhooks peuvent mener' }),
  },
  {
    at: 'file display',
    kind: 'display',
    relevant: true,
    say: () => ({
      en: 'whether you read technicians’ names or pseudonyms',
      fr: 'si vous lisez les noms des techniciens ou des pseudonymes',
    }),
  },
  {
    at: 'file contract',
    kind: 'contract',
    relevant: false,
    say: () => ({ en: 'the contract', fr: 'le contrat' }),
  },
  {
    at: 'file assignments',
    kind: 'assignments',
    relevant: false,
    say: () => ({ en: 'who is assigned to you', fr: 'qui vous est affecté' }),
  },
  {
    at: 'assigned *',
    kind: 'people',
    relevant: false,
    say: (id) => ({ en: `the technician ${id}`, fr: `le technicien ${id}` }),
  },
  {
    at: 'robots *',
    kind: 'robots',
    relevant: true,
    say: (id) => ({ en: `the robot ${id}`, fr: `le robot ${id}` }),
  },
  {
    at: 'groups',
    kind: 'people',
    relevant: false,
    say: () => ({ en: 'groups of technicians', fr: 'les groupes de techniciens' }),
  },
  {
    at: 'purposes * operations',
    kind: 'purposes',
    relevant: true,
    say: (code) => ({ en: `what the purpose ${code} permits`, fr: `ce que la finalité ${code} permet` }),
  },
  {
    at: 'purposes *',
    kind: 'purposes',
    relevant: false,
    say: (code) => ({ en: `the purpose ${code}`, fr: `la finalité ${code}` }),
  },
  {
    at: 'profiles * routes *',
    kind: 'profile',
    relevant: true,
    say: (id, route) => ({
      en: `what ${route} counts as in ${id}`,
      fr: `ce que ${route} représente dans ${id}`,
    }),
  },
  {
    at: 'profiles *',
    kind: 'profile',
    relevant: true,
    say: (id) => ({
      en: `what counts as reading, writing and copying in ${id}`,
      fr: `ce qui compte comme lecture, écriture et copie dans ${id}`,
    }),
  },
  {
    at: 'certificates *',
    kind: 'upstream',
    relevant: true,
    say: (path) => ({
      en: `by which a system is recognised (${path})`,
      fr: `ce à quoi un système est reconnu (${path})`,
    }),
  },
  {
    at: 'file',
    kind: 'client',
    relevant: false,
    say: () => ({ en: 'your entry', fr: 'votre fiche' }),
  },
];

/** What stands at a path of a slice, in words. */
export function subjectOf(path: readonly string[]): Subject {
  for (const { at, kind, relevant, say } of rules) {
    const keys = at.split(' ');
    if (keys.length > path.length || !keys.every((key, n) => key === '*' || key === path[n])) continue;
    const names = path.slice(0, keys.length).filter((_, n) => keys[n] === '*');
    return { kind, relevant, subject: withRest(say(...names), path.slice(keys.length)) };
  }
  const [first = 'policy', ...rest] = path;
  return { kind: first, relevant: false, subject: withRest({ en: first, fr: first }, rest) };
}

function withRest(words: Text, rest: readonly string[]): Text {
  const keys = rest.join(' ');
  return keys === '' ? words : { en: `${words.en} (${keys})`, fr: `${words.fr} (${keys})` };
}
