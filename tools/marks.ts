/** The marks in a written page between which a part of it is printed. */

/** The page with `content` between the marks of this name; throws when the page has lost them. */
export function between(path: string, page: string, name: string, content: string): string {
  const start = `<!-- ${name}: printed by npm run generate -->`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has lost the marks of its ${name}`);
  return `${page.slice(0, from + start.length)}\n${content}\n${page.slice(to)}`;
}
