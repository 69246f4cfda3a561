/** What each key of a profile means, in one sentence; its shape is said by the schema. */

export const profileMeanings = {
  application: 'What the application is called.',
  idle_seconds: 'Seconds without a byte either way after which an exchange is ended.',
  copy: 'What an answer must look like to count as a copy.',
  'copy.attachments': 'Answers that ask to be saved (`Content-Disposition: attachment`) are copies.',
  'copy.types': 'Media types that are copies, such as `text/csv` or `video/*`.',
  'copy.bytes': 'Size of the largest page; an answer with more bytes is a copy.',
  between_hosts:
    'Pages on one host of a system may call its other hosts: scripts, frames, requests with `Origin` (CORS).',
  pass_authorization:
    'What browser and application say to one another in `Authorization` and `WWW-Authenticate` passes: its own sign-in by Basic, Bearer or Digest. Tokens of Consentry never do.',
  connection_bound:
    'The application knows people by their connection (NTLM, Negotiate): one connection of the browser is one to the system. Needs `pass_authorization`.',
  callbacks:
    'Paths of routes to which a sign-in elsewhere posts its answer (SAML, `form_post`): POST, a read. A page of Consentry sends the form on from the system’s own host.',
  service_workers:
    'Paths of routes whose scripts browsers may keep as service workers: GET, a read. What such a script answers from its own memory is in no log.',
  routes:
    'Paths of the application, most exact first to match. What is not listed is a read when it is a GET or HEAD, and a write otherwise.',
  'routes[].path': 'Literal segments, `:name` or `*` for one segment, `**` at the end for the rest.',
  'routes[].methods':
    'Methods that it takes; left out: those that its operation is safe for (a write: every method).',
  'routes[].operation': '`read`, `write` or `copy`.',
  'routes[].label': 'What the client reads in its log for this route.',
  'routes[].static': 'Assets without data: one line covers them all, and browsers may keep them.',
  'routes[].socket': 'A live connection (WebSocket).',
  'routes[].query': 'Keys of the query whose presence may be written down; values never are.',
  'routes[].when':
    'The route takes a request only when its query has these keys and no others. A GET on its path that no route takes is a write.',
  'routes[].when.has': 'Keys that must be there.',
  'routes[].when.may_have': 'Keys that may be there beside them.',
  'routes[].peek':
    'What tells a read from a write where method and path do not: a header, or a body of up to 64 KiB (JSON, or for `select` a form), of which nothing is kept.',
  'routes[].peek.header': 'Name of the header whose value decides; it must stand there once.',
  'routes[].peek.pointer': 'JSON pointer to the word in the body that decides, such as `/method`.',
  'routes[].peek.graphql': 'The body is a GraphQL request; a document that holds queries only is a read.',
  'routes[].peek.select':
    'Key of a form that holds one SQL statement and nothing else; one SELECT that can call no function but `count`, `sum`, `min`, `max` and `avg` is a read (applications.md).',
  'routes[].peek.reads': 'Values that mean `read`; anything else is a write.',
  'routes[].idle_seconds': 'As above, for this route.',
} as const;
