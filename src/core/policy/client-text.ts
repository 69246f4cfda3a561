/** Writes a client's file: one line for each system and person, so that a usual client is seen at a glance. */
import { Document, isScalar, Scalar, visit } from 'yaml';

/** What older YAML takes for a boolean; our reader wants it in quotes. */
const oldBooleans = /^(?:y|yes|n|no|on|off)$/i;

/** The file as text; the same content always gives the same text. */
export function clientText(content: object): string {
  const document = new Document(content);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && oldBooleans.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
    Seq(_key, node) {
      node.flow = true;
    },
    Map(_key, node, path) {
      // The document, its first map; then the keys `systems` and `controllers`: what is deeper is on one line.
      const key = path.at(-1);
      const owner = typeof key === 'object' && 'key' in key && isScalar(key.key) ? key.key.value : undefined;
      const open =
        path.length === 1 || (path.length === 3 && (owner === 'systems' || owner === 'controllers'));
      node.flow = !open || node.items.length === 0;
    },
  });
  const head = '# yaml-language-server: $schema=../schema.json#/$defs/client\n';
  return head + document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
