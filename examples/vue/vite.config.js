import vue from "@vitejs/plugin-vue";

const isCustomElement = (tag) => tag === "tim-kiem";
export default { plugins: [vue({ template: { compilerOptions: { isCustomElement } } })] };
