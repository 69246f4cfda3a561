/**
 * Values that a policy file leaves to the installation, written `${NAME}`: the whole of a value, or a part of an
 * address. Only declared names are known, values are never read again for further names, and no environment is
 * looked at here.
 */

export type Variables = Readonly<Record<string, string>>;

const reference = /\$\{([^{}]*)\}/g;

/** The text with its variables filled in, or why that cannot be done. Text without `${` comes back as it is. */
export function substitute(text: string, variables: Variables): string | { readonly fault: string } {
  if (!text.includes('${')) return text;
  const names = [...text.matchAll(reference)].map((match) => match[1] ?? '');
  const bare = text.replaceAll(reference, '');
  if (bare.includes('${')) return { fault: 'a variable is a name in capitals in braces after a dollar sign' };
  if (bare !== '' && !/^https?:\/\//.test(text)) {
    return { fault: 'a variable must be the whole value or part of an http(s) address' };
  }
  for (const name of names) {
    if (!/^[A-Z][A-Z0-9_]{0,63}$/.test(name))
      return { fault: 'the name of a variable is capitals, digits and _' };
    if (!Object.hasOwn(variables, name)) return { fault: `the variable ${name} is not declared` };
  }
  return text.replaceAll(reference, (_, name: string) => variables[name] ?? '');
}
