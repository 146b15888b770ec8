import "@searchapp/tim-kiem";
import React, { useEffect, useRef, useState } from "react";
import { createRoot } from "react-dom/client";

const KHO = import.meta.env.VITE_KHO ?? "https://tra-cuu.example.vn"; // địa chỉ của kho · where the archive is

function App() {
  const box = useRef(null);
  const [told, setTold] = useState("");
  useEffect(() => {
    const seen = (event) => setTold(`${event.detail.total} kết quả`);
    box.current.addEventListener("tim-kiem:search", seen);
    return () => box.current?.removeEventListener("tim-kiem:search", seen);
  }, []);
  return (
    <main>
      <h1>Tra cứu văn kiện</h1>
      <tim-kiem ref={box} api={KHO} mode="ket-qua" />
      <p id="told">{told}</p>
      <tim-kiem api={KHO} mode="dialog" />
    </main>
  );
}

createRoot(document.getElementById("app")).render(<App />);
