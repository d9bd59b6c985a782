// One page for one OpenAPI document, as Markdown: searched, linked, checked and themed like every other page.
import { parse } from 'yaml'
import { slug } from 'github-slugger'

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

/**
 * @param text the document, YAML
 * @param heading the page's
 * @param source link to the document itself
 * @param problemPage link to the page of a problem type, undefined if it has none
 */
export function apiPage(text, heading, source, problemPage) {
  const api = parse(text)
  const resolveRef = (it) => {
    let found = it
    while (found?.$ref) {
      found = found.$ref
        .split('/')
        .slice(1)
        .reduce((at, step) => at?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], api)
    }
    return found ?? {}
  }
  const lines = []
  const add = (...more) => lines.push(...more)

  add(`# ${heading}`, '')
  if (api.info.description) add(api.info.description.trim(), '')
  add(`[The OpenAPI document](${source}), version ${api.info.version}.`, '')

  const tags = new Map((api.tags ?? []).map((tag) => [tag.name, { description: tag.description, operations: [] }]))
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    for (const method of METHODS.filter((m) => item[m])) {
      const operation = item[method]
      const tag = operation.tags?.[0] ?? 'other'
      if (!tags.has(tag)) tags.set(tag, { operations: [] })
      tags.get(tag).operations.push({ path, method, ...operation, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])] })
    }
  }
  for (const [tag, { description, operations }] of tags) {
    if (operations.length === 0) continue
    add(`## ${capital(tag)}`, '')
    if (description) add(description.trim(), '')
    operations.forEach(operationSection)
  }

  const schemas = Object.entries(api.components?.schemas ?? {})
  if (schemas.length > 0) {
    add('## Schemas', '')
    for (const [name, schema] of schemas.sort(([a], [b]) => a.localeCompare(b))) {
      add(`### ${schemaName(name)} {#${schemaId(name)}}`, '')
      if (schema.description) add(schema.description.trim(), '')
      const fields = fieldsOf(schema)
      if (fields.length > 0) add(...table(['field', 'type', ''], fields), '')
      else add(`${typeOf(schema)}${rules(schema)}`, '')
    }
  }
  return lines.join('\n') + '\n'

  function operationSection(operation) {
    const id = `${operation.method}${operation.path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')
    add(`### ${operation.summary ?? `${operation.method.toUpperCase()} ${operation.path}`} {#${id}}`, '')
    add(
      `<p class="operation"><span class="method">${operation.method.toUpperCase()}</span>` +
        `<span class="path">${escapeHtml(operation.path)}</span></p>`,
      '',
    )
    if (operation.deprecated) add('**Deprecated.**', '')
    if (operation.description) add(operation.description.trim(), '')
    const parameters = operation.parameters.map(resolveRef)
    if (parameters.length > 0) {
      const rows = parameters.map((p) => {
        const schema = p.schema ?? {}
        return [`\`${p.name}\``, p.in, typeOf(schema), note(p.required && p.in !== 'path' && '*required*', p.description ?? schema.description, rules(schema))]
      })
      add(...table(['parameter', 'in', 'type', ''], rows), '')
    }
    const body = resolveRef(operation.requestBody)
    for (const [type, content] of Object.entries(body.content ?? {})) {
      add(`**Body** (\`${type}\`): ${typeOf(content.schema ?? {})}${body.description ? `. ${oneLine(body.description)}` : ''}`, '')
      const inline = content.schema?.$ref ? [] : fieldsOf(content.schema ?? {})
      if (inline.length > 0) add(...table(['field', 'type', ''], inline), '')
      examples(content)
    }
    const bodies = []
    const answers = Object.entries(operation.responses ?? {}).map(([status, said]) => {
      const response = resolveRef(said)
      const types = Object.entries(response.content ?? {}).map(([type, content]) => {
        if (Number(status) < 400) bodies.push([status, content])
        if (type === 'application/problem+json') return '' // as all problems
        return `${typeOf(content.schema ?? {})}${type === 'application/json' ? '' : ` (\`${type}\`)`}`
      })
      const headers = Object.keys(response.headers ?? {}).map((name) => `\`${name}\``)
      const words = /^\w+ \d{3} response$/.test(response.description ?? '') ? '' : oneLine(response.description ?? '')
      return [`**${status}**`, problems(words), [...new Set(types)].filter(Boolean).join('<br>'), headers.join(', ')]
    })
    add(...table(['answer', '', '', 'headers'], answers), '')
    bodies.forEach(([status, content]) => examples(content, status))
  }

  /** The slugs of problem types become links to their pages. */
  function problems(sentence) {
    return sentence.replace(/`?\/?(?:problems\/)?([a-z]+(?:-[a-z]+)*)`?/g, (whole, name) => {
      const page = /[`/]/.test(whole) ? problemPage(name) : undefined
      return page ? `[\`${name}\`](${page})` : whole
    })
  }

  function examples(content, status) {
    const all = content.example !== undefined ? [['', { value: content.example }]] : Object.entries(content.examples ?? {})
    for (const [name, said] of all) {
      const example = resolveRef(said)
      if (example.value === undefined) continue
      const text = typeof example.value === 'string' ? example.value : JSON.stringify(example.value, null, 2)
      const label = [status && `answer ${status}`, example.summary ?? (all.length > 1 ? name : '')].filter(Boolean).join(': ')
      const kind = typeof example.value === 'string' ? 'text' : 'json'
      add(`::: details Example${label ? `: ${label}` : ''}`, '', `\`\`\`${kind}`, text.trimEnd(), '```', '', ':::', '')
    }
  }

  function fieldsOf(schema, path = '') {
    const parts = [schema, ...(schema.allOf ?? [])].map(resolveRef)
    return parts.flatMap((part) =>
      Object.entries(part.properties ?? {}).flatMap(([name, field]) => {
        const full = `${path}${name}`
        const required = part.required?.includes(name)
        const own = [`\`${full}\``, typeOf(field), note(!required && '*optional*', field.description, rules(field))]
        const nested = field.$ref ? [] : field.type === 'array' ? (field.items?.$ref ? [] : fieldsOf(field.items ?? {}, `${full}[].`)) : fieldsOf({ properties: field.properties, required: field.required }, `${full}.`)
        return [own, ...nested]
      }),
    )
  }

  function typeOf(schema) {
    if (schema.$ref) {
      const name = schema.$ref.split('/').at(-1)
      return schema.$ref.includes('/schemas/') ? `[${schemaName(name)}](#${schemaId(name)})` : name
    }
    for (const how of ['oneOf', 'anyOf', 'allOf']) {
      if (schema[how]) return [...new Set(schema[how].map(typeOf))].join(how === 'allOf' ? ' and ' : ' or ')
    }
    if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ')
    const type = [schema.type].flat().filter((t) => t !== 'null').join(' or ')
    if (type === 'array') return `list of ${typeOf(schema.items ?? {})}`
    const words = { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false', object: 'object' }
    const formats = { uuid: 'UUID', 'date-time': 'time', uri: 'address', binary: 'file', byte: 'Base64' }
    if (type === 'object' && schema.additionalProperties instanceof Object) return `map of text to ${typeOf(schema.additionalProperties)}`
    return formats[schema.format] ?? words[type] ?? (type || 'anything')
  }

  function rules(schema) {
    const said = []
    if (schema.minimum !== undefined) said.push(`from ${schema.minimum}`)
    if (schema.maximum !== undefined) said.push(`to ${schema.maximum}`)
    if (schema.maxLength !== undefined) said.push(`at most ${schema.maxLength} characters`)
    if (schema.pattern) said.push(`matches \`${schema.pattern}\``)
    if (schema.default !== undefined) said.push(`\`${schema.default}\` if not given`)
    return said.length > 0 ? ` (${said.join(', ')})` : ''
  }
}

function note(...parts) {
  return parts.filter(Boolean).map(oneLine).join(' ')
}

/** Columns in which nothing stands are left out. */
function table(head, rows) {
  const kept = head.map((_, at) => at).filter((at) => rows.some((cells) => cells[at] !== ''))
  const line = (cells) => row(kept.map((at) => cells[at]))
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

function row(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
}

function oneLine(text) {
  return String(text).trim().replace(/\s*\n\s*/g, ' ')
}

/** Without what only tells where its class stands. */
function schemaName(name) {
  const page = /^Page_(.+)_$/.exec(name)
  return page ? `Page of ${schemaName(page[1])}` : name.replace(/^\w+Controller\./, '')
}

function schemaId(name) {
  return `schema-${slug(name).replaceAll('_', '-')}`
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ')
}

function escapeHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;')
}
