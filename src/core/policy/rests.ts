/**
 * Which of a client's systems no longer lead where they led: agreements that name them rest until a representative has
 * looked. What counts is what is written: the address and name, the certificates it is recognised by, the host sent up, and
 * whether another client's system is there too. Pure and total.
 */
import { type Fields, isObject, own, parseObject } from '../objects.ts';
import { isSame } from './same.ts';

/**
 * Ids of systems, sorted. A system that was not there before leads elsewhere: an agreement that names it stems from a time
 * nobody can compare with. One that is gone leads nowhere.
 * @param before canonical text of the slice that the log named last; undefined: there is none
 */
export function ledElsewhere(before: string | undefined, now: string): readonly string[] {
  const [was, is] = [treeOf(before), treeOf(now)];
  const systems = Object.keys(treeIn(treeIn(is, 'file'), 'systems'));
  return systems.filter((id) => !isSame(destination(was, id), destination(is, id))).sort();
}

function destination(slice: Fields, id: string): unknown {
  const upstream = treeIn(treeIn(treeIn(treeIn(slice, 'file'), 'systems'), id), 'upstream');
  const { ca_file } = upstream;
  return [upstream, typeof ca_file === 'string' ? treeIn(slice, 'certificates')[ca_file] : undefined];
}

function treeIn(tree: Fields, key: string): Fields {
  const value = own(tree, key);
  return isObject(value) ? value : {};
}

/** A text of ours is canonical JSON; anything else has no systems. */
function treeOf(text: string | undefined): Fields {
  return parseObject(text ?? '{}') ?? {};
}
