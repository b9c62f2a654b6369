/**
 * An oxlint plugin with one rule: what a person reads comes from the catalogues in assets/languages, so that no sentence
 * stands in the code. Errors that are logged, log lines and what the owner is told stay English.
 */

const hole = '\0'
/** Two words with a space between them; what is filled in may be one of the two. */
const words = /\p{L}{2,}[.,:;!?)]* [“"(]*(?:\p{L}{2}|\0)|\0[.,:;!?)]* [“"(]*\p{L}{2}/u

/** Calls whose words nobody but the owner reads. */
const ownerOnly = /^(?:\w*(?<!User)Error|ownerError|badPack|trace|debug|info|warn|error|fatal)$/

/** @param {import('estree').Node} callee */
const nameOf = (callee) =>
  callee.type === 'Identifier'
    ? callee.name
    : callee.type === 'MemberExpression'
      ? nameOf(callee.property)
      : ''

/** @param {any} node */
function isForPeople(node) {
  for (let above = node.parent; above; above = above.parent) {
    if (
      /^(?:TS|Import|Export(?:All|Named))/.test(above.type) &&
      above.type !== 'TSAsExpression' &&
      above.type !== 'TSSatisfiesExpression' &&
      above.type !== 'ExportNamedDeclaration'
    )
      return false
    if (/^(?:Call|New)Expression$/.test(above.type) && ownerOnly.test(nameOf(above.callee))) return false
  }
  return true
}

const noSentence = {
  create(context) {
    const check = (node, text) => {
      if (words.test(text) && isForPeople(node))
        context.report({
          node,
          message: 'A sentence in the code: put it into the catalogues in assets/languages.',
        })
    }
    return {
      Literal: (node) => typeof node.value === 'string' && check(node, node.value),
      TemplateLiteral: (node) => check(node, node.quasis.map(({ value }) => value.cooked).join(hole)),
    }
  },
}

export default { meta: { name: 'house' }, rules: { 'no-sentence': noSentence } }
