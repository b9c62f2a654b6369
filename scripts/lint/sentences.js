/**
 * An oxlint plugin with one rule: what a person reads comes from the catalogues in assets/languages, so no sentence is
 * in the code. What is logged and what the owner is told stay English.
 */

const hole = '\0'
/** Two words side by side; one may be filled in. A command ("/guess …") and a unit ("… UTC") don't count. */
const words = /(?<![\p{L}/-])\p{L}{2,}[.,:;!?)]* [“"(]*(?:\p{L}{2}|\0)|\0[.,:;!?)]* [“"(]*\p{L}?\p{Ll}{2}/u
const product = /^neuron games$/i
/** Drawings of ours. */
const markup = /^\0?<\w/

/** Calls whose words only the owner reads, and comparisons with words of others. */
const notSaid =
  /^(?:\w*(?<!User)Error|ownerError|badPack|trace|debug|info|warn|error|fatal|includes|startsWith|refine)$/
/** Headers, and parts of records for programs and documents. */
const dataKeys = /^(?:lives|detail|authorization|[a-z]+-.*)$/

const nameOf = (node) =>
  node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? nameOf(node.property) : ''

function isSaid(node) {
  if (node.parent.type === 'Property' && node.parent.key === node) return false
  for (let above = node.parent; above; above = above.parent) {
    if (/^(?:Import|TSLiteralType|TSTemplateLiteralType)/.test(above.type)) return false
    if (/^(?:Call|New)Expression$/.test(above.type) && notSaid.test(nameOf(above.callee))) return false
    if (above.type === 'Property' && dataKeys.test(above.key.name ?? above.key.value ?? '')) return false
  }
  return true
}

const noSentence = {
  create(context) {
    const check = (node, text) => {
      if (words.test(text) && !product.test(text) && !markup.test(text) && isSaid(node))
        context.report({
          node,
          message: 'A sentence in the code: it belongs in the catalogues in assets/languages.',
        })
    }
    return {
      Literal: (node) => typeof node.value === 'string' && check(node, node.value),
      TemplateLiteral: (node) => check(node, node.quasis.map(({ value }) => value.cooked).join(hole)),
    }
  },
}

export default { meta: { name: 'house' }, rules: { 'no-sentence': noSentence } }
