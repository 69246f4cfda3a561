/** What the commands of technicians say. Names of commands, options and codes are the same in both languages. */
import type { Text } from '../core/model.ts';

const both = (text: string): Text => ({ en: text, fr: text });

export const words = {
  notSignedIn: {
    en: 'not signed in; first: consentry login --portal https://access.example.com',
    fr: 'non connecté ; d’abord : consentry login --portal https://access.example.com',
  },
  minutes: {
    en: '--minutes takes a whole number of minutes, such as 30',
    fr: '--minutes prend un nombre entier de minutes, par exemple 30',
  },
  page: (address: string): Text => ({
    en: `the page for it: ${address}`,
    fr: `la page correspondante : ${address}`,
  }),
  login: {
    usage: both('consentry login --portal https://access.example.com [--name NAME]'),
    name: { en: 'the name is one short line', fr: 'le nom tient en une ligne courte' },
    portal: { en: '--portal is missing', fr: '--portal manque' },
    open: (address: string): Text => ({ en: `  Open   ${address}`, fr: `  Ouvrez ${address}` }),
    code: (code: string): Text => both(`  Code   ${code}`),
    how: (minutes: number): Text => ({
      en: `in a browser on any machine, sign in there as ever, and type the code within ${minutes} minutes.`,
      fr: `dans un navigateur, sur n’importe quelle machine, connectez-vous comme d’habitude et tapez le code dans les ${minutes} minutes.`,
    }),
    secret: {
      en: 'Give it to nobody, and type none that somebody gave you.',
      fr: 'Ne le donnez à personne, et ne tapez aucun code que quelqu’un vous a donné.',
    },
    before: {
      en: 'What this machine had opened before is closed.',
      fr: 'Ce que cette machine avait ouvert auparavant est fermé.',
    },
    done: (person: string): Text => ({
      en: `Signed in as ${person}. Next: consentry open CLIENT/SYSTEM --purpose P --reference R`,
      fr: `Connecté en tant que ${person}. Ensuite : consentry open CLIENT/SYSTÈME --purpose F --reference R`,
    }),
  },
  logout: {
    usage: both('consentry logout'),
    done: {
      en: 'Signed out; what this machine had opened is closed.',
      fr: 'Déconnecté ; ce que cette machine avait ouvert est fermé.',
    },
  },
  open: {
    usage: [
      {
        en: 'consentry open CLIENT/SYSTEM [CLIENT/SYSTEM …] --purpose P --reference R',
        fr: 'consentry open CLIENT/SYSTÈME [CLIENT/SYSTÈME …] --purpose F --reference R',
      },
      {
        en: '                [--minutes M] [--note TEXT] [--confirm HASH] [--second REFERENCE] [--json]',
        fr: '                [--minutes M] [--note TEXTE] [--confirm EMPREINTE] [--second RÉFÉRENCE] [--json]',
      },
    ],
    unnamed: {
      en: 'name at least one system, as CLIENT/SYSTEM',
      fr: 'nommez au moins un système, sous la forme CLIENT/SYSTÈME',
    },
    noPurpose: { en: '--purpose is missing', fr: '--purpose manque' },
    noReference: { en: '--reference is missing', fr: '--reference manque' },
    instructions: { en: 'The client instructs:', fr: 'Le client donne ces instructions :' },
    confirm: { en: 'Confirm them? Type yes: ', fr: 'Les confirmer ? Tapez oui : ' },
    second: { en: 'Open it as well? Type yes: ', fr: 'L’ouvrir aussi ? Tapez oui : ' },
    other: (what: string, ends: string): Text => ({
      en: `  open: ${what}, until ${ends}`,
      fr: `  ouvert : ${what}, jusqu’à ${ends}`,
    }),
    later: {
      en: 'consentry open: nothing is opened. Where you confirm it, run the same command again with:',
      fr: 'consentry open: rien n’est ouvert. Si vous confirmez, relancez la même commande avec :',
    },
    opened: (systems: string, client: string): Text => ({
      en: `open    ${systems}, ${client}`,
      fr: `ouvert   ${systems}, ${client}`,
    }),
    purpose: (what: string): Text => ({ en: `for     ${what}`, fr: `pour     ${what}` }),
    until: (ends: string, page: string): Text => ({
      en: `until   ${ends}   (${page})`,
      fr: `jusqu’à  ${ends}   (${page})`,
    }),
    next: (address: string): Text => ({
      en: `next    consentry curl ${address}`,
      fr: `ensuite  consentry curl ${address}`,
    }),
    close: (id: string): Text => ({
      en: `        consentry close ${id}`,
      fr: `         consentry close ${id}`,
    }),
  },
  openings: {
    usage: both('consentry openings [--json]'),
    none: { en: 'Nothing is open.', fr: 'Rien n’est ouvert.' },
    oneOnly: { en: 'name one access only', fr: 'nommez un seul accès' },
    one: (what: string, ends: string, here: boolean): Text => ({
      en: `${what}, until ${ends}${here ? '' : '  (opened elsewhere)'}`,
      fr: `${what}, jusqu’à ${ends}${here ? '' : '  (ouvert ailleurs)'}`,
    }),
    missing: (command: string): Text => ({
      en: `consentry ${command}: nothing of that is open here; consentry openings lists what is`,
      fr: `consentry ${command}: rien de tel n’est ouvert ici ; consentry openings liste ce qui l’est`,
    }),
    several: (command: string): Text => ({
      en: `consentry ${command}: several are open; say which, with one of these commands:`,
      fr: `consentry ${command}: plusieurs accès sont ouverts ; dites lequel, par l’une de ces commandes :`,
    }),
    which: (command: string): Text => both(`    consentry ${command}`),
  },
  close: {
    usage: { en: 'consentry close [ID | CLIENT/SYSTEM]', fr: 'consentry close [ID | CLIENT/SYSTÈME]' },
    done: (what: string): Text => ({ en: `closed  ${what}`, fr: `fermé    ${what}` }),
  },
  extend: {
    usage: {
      en: 'consentry extend [ID | CLIENT/SYSTEM] [--minutes N]',
      fr: 'consentry extend [ID | CLIENT/SYSTÈME] [--minutes N]',
    },
    asked: {
      en: 'consentry extend: the agreement does not reach so far, so the client is asked. Until it',
      fr: 'consentry extend: l’accord ne va pas jusque-là, le client est donc interrogé. Sans sa',
    },
    until: (ends: string, page: string): Text => ({
      en: `  answers, the access ends at ${ends}. The page of the request: ${page}`,
      fr: `  réponse, l’accès prend fin à ${ends}. La page de la demande : ${page}`,
    }),
    done: (ends: string, what: string): Text => ({
      en: `until   ${ends}  ${what}`,
      fr: `jusqu’à  ${ends}  ${what}`,
    }),
  },
  curl: {
    usage: [
      {
        en: 'consentry curl [--opening ID] URL [what curl takes]',
        fr: 'consentry curl [--opening ID] URL [ce qu’accepte curl]',
      },
      {
        en: '  the address begins with that of a system you opened, as consentry open printed it',
        fr: '  l’adresse commence par celle d’un système ouvert, telle que consentry open l’a affichée',
      },
    ],
    foreign: {
      en: 'consentry curl: no access that is open here has this address, so nothing is sent.',
      fr: 'consentry curl: aucun accès ouvert ici n’a cette adresse, donc rien n’est envoyé.',
    },
    here: (origins: string): Text => ({ en: `  open here: ${origins}`, fr: `  ouvert ici : ${origins}` }),
    other: {
      en: '  another system: consentry open CLIENT/SYSTEM --purpose P --reference R',
      fr: '  un autre système : consentry open CLIENT/SYSTÈME --purpose F --reference R',
    },
    signedOut: {
      en: 'consentry curl: not signed in; what was open has ended. First: consentry login',
      fr: 'consentry curl: non connecté ; ce qui était ouvert a pris fin. D’abord : consentry login',
    },
    ended: (systems: string): Text => ({
      en: `consentry curl: the access to ${systems} has ended, so nothing is sent. Open it again:`,
      fr: `consentry curl: l’accès à ${systems} a pris fin, donc rien n’est envoyé. Rouvrez-le :`,
    }),
    again: (command: string): Text => both(`  consentry ${command}`),
    oneOnly: {
      en: 'consentry curl: one request at a time: without --next, -: and --config',
      fr: 'consentry curl: une requête à la fois : sans --next, -: ni --config',
    },
    missing: {
      en: 'consentry curl: this machine has no curl. Install it (apt install curl), or connect a tool on the page of the access.',
      fr: 'consentry curl: cette machine n’a pas curl. Installez-le (apt install curl), ou connectez un outil sur la page de l’accès.',
    },
  },
  portal: {
    noAddress: (address: string): Text => ({
      en: `${address} is no web address; write it as https://access.example.com`,
      fr: `${address} n’est pas une adresse web ; écrivez-la comme https://access.example.com`,
    }),
    plain: {
      en: 'the portal is reached by https:// only, because what is sent there signs in',
      fr: 'le portail ne s’atteint que par https://, car ce qu’on y envoie sert à se connecter',
    },
    alone: (address: string): Text => ({
      en: `name the portal alone, as ${address}`,
      fr: `nommez le portail seul, comme ${address}`,
    }),
    silent: (portal: string, why: string): Text => ({
      en: `${portal} does not answer (${why})`,
      fr: `${portal} ne répond pas (${why})`,
    }),
    elsewhere: (portal: string, address: string): Text => ({
      en: `${portal} leads to another address (${address}), which is not followed; is it the portal?`,
      fr: `${portal} renvoie à une autre adresse (${address}), qui n’est pas suivie ; est-ce le portail ?`,
    }),
    noPortal: (portal: string, status: number): Text => ({
      en: `${portal} does not answer as a portal does (status ${status})`,
      fr: `${portal} ne répond pas comme un portail (statut ${status})`,
    }),
    older: {
      en: 'the portal’s answer is not understood; is this version older?',
      fr: 'la réponse du portail n’est pas comprise ; cette version est-elle plus ancienne ?',
    },
  },
  files: {
    noHome: {
      en: 'there is no home folder to keep anything in; set XDG_STATE_HOME',
      fr: 'il n’y a pas de dossier personnel où conserver quoi que ce soit ; définissez XDG_STATE_HOME',
    },
    link: (path: string): Text => ({
      en: `${path} is a link; remove it and sign in again`,
      fr: `${path} est un lien ; supprimez-le et reconnectez-vous`,
    }),
    damaged: (path: string): Text => ({
      en: `${path} is damaged; remove it and sign in again`,
      fr: `${path} est endommagé ; supprimez-le et reconnectez-vous`,
    }),
    foreign: (path: string, what: 'file' | 'folder'): Text => ({
      en: `the ${what} ${path} belongs to somebody else; nothing in it is used`,
      fr: `${kind[what]} ${path} appartient à quelqu’un d’autre ; rien n’en est utilisé`,
    }),
    open: (path: string, what: 'file' | 'folder', mode: string, mend: string): Text => ({
      en: `the ${what} ${path} is open to others (mode ${mode}), so it is not used: ${mend} ${path}, and if anybody else was there, sign out and in again`,
      fr: `${kind[what]} ${path} est accessible à d’autres (mode ${mode}), donc non utilisé : ${mend} ${path}, et si quelqu’un d’autre y a eu accès, déconnectez-vous et reconnectez-vous`,
    }),
  },
} as const;

const kind = { file: 'le fichier', folder: 'le dossier' } as const;
