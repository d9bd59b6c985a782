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
    pages: ['cli', 'problems', 'problems/index', 'conformance', 'performance', 'lab', 'changelog'],
  },
  {
    text: 'Working on Interlock',
    pages: ['development', 'adr/index'],
  },
]

/** Folders of many pages have a navigation of their own. */
const folders = ['adr', 'problems']

/** @param titles page without .md → its heading */
export function sidebar(titles) {
  const left = new Set(Object.keys(titles))
  left.delete('index')
  const take = (page) => left.delete(page)
  const item = (page) => ({ text: titles[page], link: `/${page}` })
  const sidebars = {}
  const sections = groups.map(({ text, pages }) => ({ text, items: pages.filter(take).map(item) }))
  for (const folder of folders) {
    const found = [...left].filter((page) => page.startsWith(`${folder}/`)).sort()
    const home = { text: 'All pages', items: [{ text: titles['what-it-is'] ?? 'Start', link: '/what-it-is' }] }
    sidebars[`/${folder}/`] = [home, { text: titles[`${folder}/index`], items: found.filter(take).map(item) }]
  }
  groups.forEach(({ rest }, at) => {
    if (!rest) return
    const found = [...left].filter((page) => page.startsWith(rest)).sort()
    sections[at].items.push(...found.filter(take).map(item))
  })
  sections.push({ text: 'More', items: [...left].sort().map(item) })
  sidebars['/'] = sections.filter((section) => section.items.length > 0)
  return sidebars
}
