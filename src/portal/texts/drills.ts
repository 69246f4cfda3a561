/** What is said of a drill: a test opening by nobody, which shows a client's people that they would see one. */
export const drillTexts = {
  test: { en: 'Test', fr: 'Essai' },
  try: { en: 'Try it: show me that I would see it', fr: 'Essayer : montrez-moi que je le verrais' },
  tryHint: {
    en: 'A test opening appears on this page and in your log, marked as a test. It reaches no system.',
    fr: 'Une ouverture d’essai apparaît sur cette page et dans votre journal, marquée comme essai. Elle n’atteint aucun système.',
  },
  tile: { en: 'Test opening: no person entered', fr: 'Ouverture d’essai : aucune personne n’est entrée' },
  askedBy: (name: string) => ({ en: `Asked for by ${name}.`, fr: `Demandée par ${name}.` }),
  ends: (time: string) => ({
    en: `Ends by itself at ${time}.`,
    fr: `Se termine d’elle-même à ${time}.`,
  }),
  stopTest: { en: 'Stop the test', fr: 'Arrêter l’essai' },
  began: {
    en: 'Test opening began: no person, no system',
    fr: 'Ouverture d’essai commencée : aucune personne, aucun système',
  },
  stopped: { en: 'Test opening stopped', fr: 'Ouverture d’essai arrêtée' },
  beganNotice: {
    en: 'The test is written into your log. It stands below, as a real access would.',
    fr: 'L’essai est inscrit dans votre journal. Il figure ci-dessous, comme le ferait un accès réel.',
  },
  stoppedNotice: (ms: string) => ({
    en: `The test is stopped: ${ms} from the moment your click arrived until the stop was recorded.`,
    fr: `L’essai est arrêté : ${ms} entre l’arrivée de votre clic et l’enregistrement de l’arrêt.`,
  }),
  title: { en: 'Tests in this period', fr: 'Essais de cette période' },
  intro: {
    en: 'Openings that your people asked for to see that one appears. They count as accesses nowhere.',
    fr: 'Ouvertures que vos utilisateurs ont demandées pour voir qu’une ouverture apparaît. Elles ne comptent nulle part comme des accès.',
  },
  ranFor: (time: string) => ({ en: `stopped after ${time}`, fr: `arrêtée après ${time}` }),
  ranOut: { en: 'ended by itself', fr: 'terminée d’elle-même' },
  more: (count: number) => ({ en: `And ${count}\u00a0more.`, fr: `Et ${count}\u00a0de plus.` }),
  running: { en: 'running', fr: 'en cours' },
  somebody: { en: 'somebody who no longer sits', fr: 'une personne qui n’est plus inscrite' },
  counted: { en: 'Tests, not counted above', fr: 'Essais, non comptés ci-dessus' },
  errors: {
    drills_spent: {
      title: {
        en: 'Five tests began in the last hour',
        fr: 'Cinq essais ont commencé dans la dernière heure',
      },
      next: {
        en: 'Look at them in the history, and try again later.',
        fr: 'Regardez-les dans l’historique, et réessayez plus tard.',
      },
    },
    drill_over: {
      title: { en: 'This test is over', fr: 'Cet essai est terminé' },
      next: { en: 'It stands in the history.', fr: 'Il figure dans l’historique.' },
    },
  },
} as const;
