/**
 * Why a request was refused: stable codes, each with its criterion, HTTP status, and what to say and do next.
 */
import type { Text } from './model.ts';

export type Reason =
  // opening
  | 'opening_missing'
  | 'opening_ended'
  | 'opening_elsewhere'
  // person
  | 'not_employee'
  // authentication
  | 'authentication_too_weak'
  // place
  | 'place_outside_eu'
  // standing
  | 'training_expired'
  | 'gdpr_training_missing'
  | 'charter_not_signed'
  | 'confidentiality_missing'
  // function, assignment, contract, provider
  | 'role_not_allowed'
  | 'not_assigned'
  | 'contract_not_in_force'
  | 'service_not_contracted'
  | 'provider_not_approved'
  // grant
  | 'no_consent'
  | 'consent_not_started'
  | 'consent_expired'
  | 'consent_revoked'
  | 'consent_suspended'
  | 'consent_scope'
  // limits
  | 'limit_reached'
  // purpose
  | 'purpose_unknown'
  | 'purpose_not_on_system'
  | 'reference_missing'
  | 'note_missing'
  // instructions
  | 'instruction_condition'
  // environment
  | 'prod_data_for_test'
  // operation
  | 'write_not_granted'
  | 'copy_not_granted'
  // copy gate, at release
  | 'copy_withheld'
  // before any decision
  | 'not_authenticated'
  | 'unknown_system'
  | 'bad_request'
  | 'method_not_allowed'
  | 'cross_site'
  | 'service_worker_refused'
  | 'too_many_requests'
  | 'stopped_by_client';

export interface ReasonAnswer {
  readonly status: number;
  /** The code that stands in the client's log: equal to the reason, unless it would show a person's HR file. */
  readonly leaf: string;
  readonly title: Text;
  /** What to do next. */
  readonly next: Text;
}

export const reasonAnswers = {} as { readonly [R in Reason]: ReasonAnswer };
