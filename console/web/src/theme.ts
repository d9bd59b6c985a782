import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

// Each shade was chosen so that text on it, or it on the page, reaches WCAG AA in both schemes; axe checks it in the browser tests.
const signal: MantineColorsTuple = [
  '#eaf3fb', '#d3e4f3', '#a8c8e6', '#79abd9', '#5292ce', '#3a82c7', '#2a6fb0', '#1d5a93', '#17456b', '#0e3250',
];

/** What an alert's colour stands for. The library's own shades are too light for a title. */
const toneOf: Record<string, string> = { red: 'bad', green: 'ok', gray: 'off', blue: 'run', orange: 'wait', yellow: 'wait' };

export const theme = createTheme({
  primaryColor: 'signal',
  primaryShade: { light: 7, dark: 6 },
  colors: { signal },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  components: {
    Alert: {
      styles: (_: unknown, { color = 'blue' }: { color?: string }) => {
        const tone = `var(--tone-${toneOf[color] ?? 'run'})`;
        return { root: { background: 'var(--interlock-surface)', borderColor: tone }, title: { color: tone }, icon: { color: tone } };
      },
    },
    Anchor: { defaultProps: { underline: 'hover' } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 420, events: { hover: true, focus: true, touch: true } } },
    // their headings' bars are no banners of the page
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#565e66',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#666e76',
    '--mantine-color-body': '#f7f8fa',
    '--interlock-surface': '#ffffff',
    '--interlock-line': '#d9dee4',
    '--tone-ok': '#1a6b3a',
    '--tone-run': '#1d5a93',
    '--tone-wait': '#8a5200',
    '--tone-bad': '#b3261e',
    '--tone-off': '#565e66',
    '--tone-ok-soft': '#e3f3e8',
    '--tone-run-soft': '#e3eef8',
    '--tone-wait-soft': '#fdf0da',
    '--tone-bad-soft': '#fce8e6',
    '--tone-off-soft': '#eceff2',
  },
  dark: {
    '--mantine-color-dimmed': '#a8b0b9',
    '--mantine-color-error': '#ff9d94',
    '--mantine-color-placeholder': '#9aa3ac',
    '--mantine-color-body': '#14181c',
    '--mantine-color-anchor': '#8bbcea',
    '--interlock-surface': '#1c2126',
    '--interlock-line': '#343b43',
    '--tone-ok': '#74d39a',
    '--tone-run': '#8bbcea',
    '--tone-wait': '#f2b95c',
    '--tone-bad': '#ff9d94',
    '--tone-off': '#a8b0b9',
    '--tone-ok-soft': '#173524',
    '--tone-run-soft': '#17324b',
    '--tone-wait-soft': '#3d2c0d',
    '--tone-bad-soft': '#451c19',
    '--tone-off-soft': '#2a3036',
  },
});
