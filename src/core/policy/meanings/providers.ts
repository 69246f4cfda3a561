/** What each key of `providers.yaml` means, in one sentence; its shape is said by the schema. */

export const providerMeanings = {
  providers: 'The provider’s own providers (sub-processors), by id.',
  'providers.<id>.name': 'Legal name.',
  'providers.<id>.address': 'Postal address.',
  'providers.<id>.contact': 'Who answers there.',
  'providers.<id>.contact.name': 'Name of the person or service.',
  'providers.<id>.contact.mail': 'Mail address.',
  'providers.<id>.tasks': 'What they do, and nothing beyond.',
  'providers.<id>.country': 'Territory of establishment; must be in the European Union for anybody to pass.',
  'providers.<id>.places': 'Territories from which their people work; an empty list lets nobody in.',
  'providers.<id>.rank': 'Place in the chain: 1 works for the provider, 2 for one of those.',
  'providers.<id>.guarantees':
    'What was checked before they were called in; left out: nothing, and nobody passes.',
  'providers.<id>.guarantees.agreement': 'Reference of the contract with the same obligations.',
  'providers.<id>.guarantees.confidentiality': 'Reference of the confidentiality undertaking.',
  'providers.<id>.guarantees.no_sale': 'Reference of the undertaking not to market personal data.',
  'providers.<id>.guarantees.security': 'Reference of the evidence of security.',
  'providers.<id>.guarantees.reviewed': 'Day of the review.',
  'providers.<id>.guarantees.until': 'Last day on which the review holds.',
  'providers.<id>.approvals': 'Clients that approved this provider, by client.',
  'providers.<id>.approvals.<id>.reference': 'Document in which the client approved.',
  'providers.<id>.approvals.<id>.from': 'First day.',
  'providers.<id>.approvals.<id>.until': 'Last day; left out: no end is known.',
} as const;
