// What stands where on the site. Pages that do not exist are left out; pages that nobody placed stand at the end.

export const groups = [
  {
    text: 'Start here',
    pages: ['what-it-is', 'first-ten-minutes', 'concepts', 'console'],
  },
  {
    text: 'Operating',
    pages: [
      'operating/hosts',
      'operating/upgrades',
      'operating/keeper-connection-manager',
      'operating/igel-ums',
      'operating/pcoip-license-server',
      'operating/licenses-and-agents',
      'operating/license-servers',
      'offline-activation',
      'operating/troubleshooting',
    ],
    rest: 'operating/',
  },
  {
    text: 'For other systems',
    pages: ['api', 'api/inventory', 'api/license', 'api/upgrade', 'api/agent', 'api/platform', 'events', 'siem', 'metrics', 'dashboards'],
    rest: 'api/',
  },
  {
    text: 'Reference',
    pages: ['cli', 'problems', 'conformance', 'performance', 'lab', 'changelog'],
  },
  {
    text: 'Working on Interlock',
    pages: ['development'],
  },
  { text: 'Decisions', collapsed: true, pages: ['adr/index'], rest: 'adr/' },
  { text: 'Problem types', collapsed: true, pages: ['problems/index'], rest: 'problems/' },
]

/** @param titles page without .md → its heading */
export function sidebar(titles) {
  const left = new Set(Object.keys(titles))
  left.delete('index')
  const take = (page) => left.delete(page)
  const item = (page) => ({ text: titles[page], link: `/${page}` })
  const sections = groups.map(({ text, pages, collapsed }) => ({
    text,
    collapsed,
    items: pages.filter(take).map(item),
  }))
  groups.forEach(({ rest }, at) => {
    if (!rest) return
    const found = [...left].filter((page) => page.startsWith(rest)).sort()
    sections[at].items.push(...found.filter(take).map(item))
  })
  sections.push({ text: 'More', items: [...left].sort().map(item) })
  return sections.filter((section) => section.items.length > 0)
}
