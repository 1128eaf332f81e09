import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

const components = fileURLToPath(new URL('../node_modules/element-plus/es/components/', import.meta.url));

/** `ElDatePicker` is styled by the folder `date-picker`; undefined where the name is no component with a style. */
function styleOf(name: string): string | undefined {
  const folder = name
    .replace(/^El/, '')
    .replace(/(?!^)([A-Z])/g, '-$1')
    .toLowerCase();
  return /^El[A-Z]/.test(name) && existsSync(`${components}${folder}/style/css.mjs`)
    ? `element-plus/es/components/${folder}/style/css`
    : undefined;
}

/** Adds the style sheet of each Element Plus component that a module imports by name, so that only those are shipped. */
function elementPlusStyles(): Plugin {
  return {
    name: 'hallwatch:element-plus-styles',
    enforce: 'post',
    transform(code, id) {
      if (id.includes('node_modules') || !code.includes('element-plus')) return null;
      const names = [...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']element-plus["']/g)]
        .flatMap((match) => match[1]!.split(','))
        .map((part) => part.trim().split(/\s+as\s+/)[0]!);
      const styles = [...new Set(names.map(styleOf).filter((style) => style !== undefined))];
      if (styles.length === 0) return null;
      return { code: `${styles.map((style) => `import '${style}';\n`).join('')}${code}`, map: null };
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue(), elementPlusStyles()],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: scripts or fonts; files keep the policy short.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': process.env.HALLWATCH_BOARD ?? 'http://127.0.0.1:8080' } },
});
