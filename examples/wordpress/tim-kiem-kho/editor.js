// The block in the editor: two settings, and a picture of the box. No build: WordPress brings its own libraries.
(function ({ blocks, blockEditor, components, element }) {
  const { createElement: make } = element;
  const MODES = [
    { label: "Gợi ý", value: "goi-y" },
    { label: "Kết quả tại chỗ", value: "ket-qua" },
    { label: "Danh sách", value: "danh-sach" },
  ];
  blocks.registerBlockType("searchapp/tim-kiem", {
    edit({ attributes, setAttributes }) {
      const api = make(components.TextControl, {
        label: "Địa chỉ của kho",
        type: "url",
        placeholder: "https://tra-cuu.example.vn",
        value: attributes.api,
        onChange: (value) => setAttributes({ api: value }),
      });
      const mode = make(components.SelectControl, {
        label: "Cách hiện",
        options: MODES,
        value: attributes.mode,
        onChange: (value) => setAttributes({ mode: value }),
      });
      const controls = make(blockEditor.InspectorControls, {}, make(components.PanelBody, { title: "Kho" }, api, mode));
      const shown = attributes.api ? `Tra cứu văn kiện: ${attributes.api}` : "Hãy nhập địa chỉ của kho.";
      return make("div", blockEditor.useBlockProps(), controls, make("p", {}, shown));
    },
    save: () => null,
  });
})(window.wp);
